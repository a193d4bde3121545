"""Critics are functions and their slopes are taken by autograd, so a check sends their weights and gets numbers."""


def penalty_of_linear(student, w, real, fake, eps, **options):
    """The penalty of the critic w.T x, which has the slope |w| everywhere."""
    return student.gradient_penalty(lambda x: w.T @ x, real, fake, eps, **options)


def penalty_of_curved(student, W, v, real, fake, eps):
    """The penalty of the critic v tanh(W x)."""
    return student.gradient_penalty(lambda x: v @ (W @ x).tanh(), real, fake, eps)


def penalty_of_images(student, K, real, fake, eps):
    """The penalty of a critic that gives an image the score tanh of the sum of K times it."""
    return student.gradient_penalty(lambda x: (K * x).sum(dim=(1, 2, 3)).tanh(), real, fake, eps)


def gradient_of_linear(student, w, real, fake, eps):
    """The gradient of the penalty by the weights of the critic w.T x."""
    w.requires_grad_()
    student.gradient_penalty(lambda x: w.T @ x, real, fake, eps).backward()
    return w.grad


def gradients_of_curved(student, W, v, real, fake, eps):
    """Which of W, v, real and fake have a gradient after the call, and which after going backward from it."""
    leaves = {"W": W, "v": v, "real": real, "fake": fake}
    for leaf in leaves.values():
        leaf.requires_grad_()
    penalty = student.gradient_penalty(lambda x: v @ (W @ x).tanh(), real, fake, eps)
    at_once = [name for name, leaf in leaves.items() if leaf.grad is not None]
    penalty.backward()
    return {"at once": at_once, "backward": [name for name, leaf in leaves.items() if leaf.grad is not None]}
