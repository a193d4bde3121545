"""PyTorch: torch.split, tensors among the settings, draws from the generator."""

import itertools
import math

import torch


def split(X, Y, fractions, generator):
    m = X.shape[1]
    order = torch.randperm(m, generator=generator)
    ends = [round(end * m) for end in itertools.accumulate(fractions[:-1])] + [m]
    sizes = [b - a for a, b in itertools.pairwise([0, *ends])]
    return [(X.index_select(1, part), Y.index_select(-1, part)) for part in torch.split(order, sizes)]


def diagnose(human_error, train_error, dev_error, train_dev_error=None, tolerance=0.01):
    errors = [human_error, train_error, *([] if train_dev_error is None else [train_dev_error]), dev_error]
    gaps = torch.diff(torch.tensor(errors, dtype=torch.float64))
    found = dict(zip(("bias", "variance", "mismatch"), gaps, strict=False))
    first = [name for name, gap in found.items() if gap > tolerance]
    return {
        "avoidable_bias": found["bias"],
        "variance": found["variance"].item(),
        "mismatch": found["mismatch"].item() if "mismatch" in found else None,
        "fix_first": [*first, "none"][0],
    }


def error_analysis(tags):
    names = sorted({category for example in tags for category in example})
    if not names:
        return []
    member = torch.tensor([[name in example for name in names] for example in tags])
    counts = member.sum(dim=0)
    order = torch.argsort(counts, descending=True, stable=True)
    return [(names[i], counts[i].item(), counts[i].item() / len(tags)) for i in order]


def sample_log_uniform(low, high, size, generator):
    u = torch.empty(size, dtype=torch.float64).uniform_(math.log(low), math.log(high), generator=generator)
    return u.exp()


def draw(entry, generator):
    kind, *rest = entry
    if kind == "choice":
        return rest[0][torch.randint(0, len(rest[0]), (1,), generator=generator).item()]
    low, high = rest
    if kind == "int":
        return torch.randint(low, high + 1, (), generator=generator)
    if kind == "uniform":
        return torch.empty(()).uniform_(low, high, generator=generator)
    return sample_log_uniform(low, high, (1,), generator).item()


def search(candidates, evaluate):
    trials = [(settings, evaluate(settings)) for settings in candidates]
    scores = torch.tensor([score for _, score in trials], dtype=torch.float64)
    return trials[scores.nan_to_num(nan=math.inf).argmin().item()], trials


def random_search(space, evaluate, budget, generator):
    return search([{n: draw(entry, generator) for n, entry in space.items()} for _ in range(budget)], evaluate)


def grid_search(space, evaluate):
    names, values = zip(*space.items(), strict=True)
    return search([dict(zip(names, chosen, strict=True)) for chosen in itertools.product(*values)], evaluate)
