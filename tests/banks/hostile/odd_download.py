"""Downloads its data, which fails."""

from honest import *
import urllib.request

urllib.request.urlopen("http://example.com/data.csv", timeout=5)
