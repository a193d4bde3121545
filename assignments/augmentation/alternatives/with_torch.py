"""PyTorch: its interpolation and grids, draws in one tensor, Beta from two gammas."""

import math

import torch
from torch.nn import functional as F


def flip_horizontal(images, p, generator):
    out = images.clone()
    mirrored = torch.bernoulli(torch.full((images.shape[0],), float(p)), generator=generator).bool()
    out[mirrored] = torch.flip(images[mirrored], dims=[-1])
    return out


def random_crop(images, size, padding, generator):
    h, w = (size, size) if isinstance(size, int) else size
    padded = F.pad(images, (padding, padding, padding, padding))
    crops = []
    for image in padded:
        top = torch.randint(image.shape[1] - h + 1, (1,), generator=generator).item()
        left = torch.randint(image.shape[2] - w + 1, (1,), generator=generator).item()
        crops.append(image[:, top : top + h, left : left + w])
    return torch.stack(crops)


def rotate90(images, k):
    return torch.rot90(images, k, (2, 3)).contiguous().clone()


def rotate(images, degrees):
    N, C, H, W = images.shape
    a = math.radians(degrees)
    # affine_grid works in coordinates from -1 to 1, so the turn is stretched by the ratio of the sides and back.
    theta = torch.tensor(
        [[math.cos(a), -math.sin(a) * H / W, 0.0], [math.sin(a) * W / H, math.cos(a), 0.0]], dtype=images.dtype
    )
    grid = F.affine_grid(theta.expand(N, 2, 3), (N, C, H, W), align_corners=False)
    return F.grid_sample(images, grid, align_corners=False)


def color_jitter(images, brightness, contrast, generator):
    u = torch.rand(2, len(images), 1, 1, 1, generator=generator, dtype=images.dtype)
    low = [max(0.0, 1 - brightness), max(0.0, 1 - contrast)]
    bright = (images * torch.lerp(torch.tensor(low[0]).to(u), torch.tensor(1.0 + brightness).to(u), u[0])).clamp(max=1)
    mean = bright.flatten(1).mean(dim=1).reshape(-1, 1, 1, 1)
    factor = low[1] + (1 + contrast - low[1]) * u[1]
    return torch.lerp(mean.expand_as(bright), bright, factor.expand_as(bright)).clamp(0, 1)


def resize(images, size):
    return F.interpolate(images, size=size, mode="bilinear")


def mixup(X, Y, alpha, generator):
    gammas = torch._standard_gamma(torch.full((2,), float(alpha), dtype=torch.float64), generator=generator)
    lam = (gammas[0] / gammas.sum()).item()
    order = torch.randperm(len(X), generator=generator)
    return torch.lerp(X[order], X, lam), torch.lerp(Y[order], Y, lam), lam


def progressive_sizes(start, end, epochs, multiple=32):
    if epochs < 3:
        return [start, end][-epochs:]
    line = torch.linspace(start, end, epochs, dtype=torch.float64)[1:-1]
    inner = torch.floor(line / multiple + 0.5).clamp(math.ceil(start / multiple), end // multiple) * multiple
    return [start, *map(int, inner), end]
