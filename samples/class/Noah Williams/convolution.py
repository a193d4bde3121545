# see the notebook
