"""What goes wrong in the function that is asked of PyTorch submissions only."""

import torch

from grader.authoring import mistake
from reference.with_torch import gans as reference


def penalty(
    critic, real, fake, eps, weight=10, *, mix=lambda real, fake, eps: eps * real + (1 - eps) * fake, graph=True,
    reduce=torch.sum, norm=lambda slopes: torch.linalg.vector_norm(slopes, dim=(1, 2, 3) if slopes.ndim == 4 else 0),
    price=lambda norms: (norms - 1) ** 2, mean=torch.mean,
):  # fmt: skip
    """gradient_penalty with one part of it replaced."""
    x = mix(real, fake, eps).detach().requires_grad_()
    (slopes,) = torch.autograd.grad(reduce(critic(x)), x, create_graph=graph)
    return weight * mean(price(norm(slopes)))


@mistake(of="gradient_penalty", says="You take one norm over the whole batch. Each example has a norm of its own.")
def gradient_penalty_of_the_batch(critic, real, fake, eps, weight=10):
    return penalty(critic, real, fake, eps, weight, norm=torch.linalg.vector_norm)


@mistake(of="gradient_penalty", says="The norm is to be 1, not 0: subtract 1 before you square.")
def gradient_penalty_towards_zero(critic, real, fake, eps, weight=10):
    return penalty(critic, real, fake, eps, weight, price=lambda norms: norms**2)


@mistake(of="gradient_penalty", says="You subtract 1 from the squared norm. Take the norm, the square root, first.")
def gradient_penalty_without_the_root(critic, real, fake, eps, weight=10):
    return penalty(critic, real, fake, eps, weight, price=lambda norms: (norms**2 - 1) ** 2)


@mistake(
    of="gradient_penalty", says="You only punish slopes above 1. Those below 1 cost as much: square norm - 1 as it is."
)
def gradient_penalty_of_one_side(critic, real, fake, eps, weight=10):
    return penalty(critic, real, fake, eps, weight, price=lambda norms: (norms - 1).clamp(min=0) ** 2)


@mistake(of="gradient_penalty", says="You take |norm - 1|. The penalty is its square.")
def gradient_penalty_absolute(critic, real, fake, eps, weight=10):
    return penalty(critic, real, fake, eps, weight, price=lambda norms: (norms - 1).abs())


@mistake(of="gradient_penalty", says="weight is not used: you multiply by 10.")
def gradient_penalty_of_ten(critic, real, fake, eps, weight=10):
    return penalty(critic, real, fake, eps)


@mistake(of="gradient_penalty", says="The factor `weight` is missing.")
def gradient_penalty_without_weight(critic, real, fake, eps, weight=10):
    return penalty(critic, real, fake, eps, 1)


@mistake(of="gradient_penalty", says="weight is 1 where none is given. Its default is 10.")
def gradient_penalty_with_another_default(critic, real, fake, eps, weight=1):
    return penalty(critic, real, fake, eps, weight)


@mistake(of="gradient_penalty", says="You add up over the examples. The penalty is a mean.")
def gradient_penalty_sum(critic, real, fake, eps, weight=10):
    return penalty(critic, real, fake, eps, weight, mean=torch.sum)


@mistake(of="gradient_penalty", says="eps is the share of real: x = eps real + (1 - eps) fake.")
def gradient_penalty_the_other_way(critic, real, fake, eps, weight=10):
    return penalty(critic, real, fake, eps, weight, mix=lambda real, fake, eps: eps * fake + (1 - eps) * real)


@mistake(of="gradient_penalty", says="You take the slope at the real examples. Take it between real and fake, at x.")
def gradient_penalty_at_real(critic, real, fake, eps, weight=10):
    return penalty(critic, real, fake, eps, weight, mix=lambda real, fake, eps: real)


@mistake(of="gradient_penalty", says="You use one eps for the whole batch. Each example has its own.")
def gradient_penalty_of_one_eps(critic, real, fake, eps, weight=10):
    one = eps.flatten()[0]
    return penalty(critic, real, fake, one, weight)


@mistake(
    of="gradient_penalty",
    says="The slopes are of the mean score, and 1/m too small. Sum the scores: each depends on its own example alone.",
)
def gradient_penalty_of_the_mean_score(critic, real, fake, eps, weight=10):
    return penalty(critic, real, fake, eps, weight, reduce=torch.mean)


@mistake(
    of="gradient_penalty",
    says="The penalty cannot be differentiated by the critic's parameters. Call torch.autograd.grad with "
    "create_graph=True.",
)
def gradient_penalty_without_graph(critic, real, fake, eps, weight=10):
    return penalty(critic, real, fake, eps, weight, graph=False)


@mistake(
    of="gradient_penalty",
    says="You take the norm over axis 1, as if examples were rows. They are columns: take it over axis 0, for images "
    "over axes 1 to 3.",
)
def gradient_penalty_of_rows(critic, real, fake, eps, weight=10):
    return penalty(
        critic, real, fake, eps, weight,
        norm=lambda slopes: torch.linalg.vector_norm(slopes, dim=(1, 2, 3) if slopes.ndim == 4 else 1),
    )  # fmt: skip


@mistake(of="gradient_penalty", says="For images you take a norm at each pixel. It is over channels, rows and columns.")
def gradient_penalty_of_pixels(critic, real, fake, eps, weight=10):
    return penalty(
        critic, real, fake, eps, weight,
        norm=lambda slopes: torch.linalg.vector_norm(slopes, dim=1 if slopes.ndim == 4 else 0),
    )  # fmt: skip


@mistake(of="gradient_penalty", says="The penalty reaches real and fake. Detach x: x.detach().requires_grad_().")
def gradient_penalty_attached(critic, real, fake, eps, weight=10):
    x = eps * real + (1 - eps) * fake
    x = x if x.requires_grad else x.requires_grad_()
    (slopes,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    norms = torch.linalg.vector_norm(slopes, dim=(1, 2, 3) if slopes.ndim == 4 else 0)
    return weight * ((norms - 1) ** 2).mean()


@mistake(
    of="gradient_penalty",
    says="backward() leaves gradients on the critic's parameters, which the next step counts. Use torch.autograd.grad.",
)
def gradient_penalty_by_backward(critic, real, fake, eps, weight=10):
    x = (eps * real + (1 - eps) * fake).detach().requires_grad_()
    critic(x).sum().backward()
    return reference.gradient_penalty(critic, real, fake, eps, weight)
