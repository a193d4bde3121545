"""PyTorch; Adam and its relatives are those of torch.optim, with their state put in and taken out again."""

import torch


def random_mini_batches(X, Y, batch_size, rng):
    order = torch.randperm(X.shape[1], generator=rng)
    return [(X[:, part], Y[:, part]) for part in torch.split(order, batch_size)]


def ewma(values, beta, bias_correction=False):
    v, averages = torch.zeros_like(values[0]), []
    for value in values:
        v = torch.lerp(value, v, beta)
        averages.append(v)
    averages = torch.stack(averages)
    if bias_correction:
        averages = averages / torch.tensor([1 - beta**t for t in range(1, len(values) + 1)], dtype=values.dtype)
    return averages


@torch.no_grad()
def gradient_descent(parameters, gradients, learning_rate):
    return {name: p - learning_rate * gradients["d" + name] for name, p in parameters.items()}


def gradient_descent_with_momentum(parameters, gradients, v, learning_rate, beta=0.9):
    v = {name: torch.lerp(g, v[name], beta) for name, g in gradients.items()}
    return gradient_descent(parameters, v, learning_rate), v


def rmsprop(parameters, gradients, s, learning_rate, beta=0.999, epsilon=1e-8):
    s = {name: torch.addcmul(beta * s[name], g, g, value=1 - beta) for name, g in gradients.items()}
    steps = {name: g / s[name].sqrt().add(epsilon) for name, g in gradients.items()}
    return gradient_descent(parameters, steps, learning_rate), s


def adam(parameters, gradients, v, s, t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    return adamw(parameters, gradients, v, s, t, learning_rate, beta1, beta2, epsilon, weight_decay=0.0)


def adamw(parameters, gradients, v, s, t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
    leaves = {name: torch.nn.Parameter(p.detach().clone()) for name, p in parameters.items()}
    weights = [p for name, p in leaves.items() if name.startswith("W")]
    biases = [p for name, p in leaves.items() if name.startswith("b")]
    groups = [{"params": weights, "weight_decay": weight_decay}, {"params": biases, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=learning_rate, betas=(beta1, beta2), eps=epsilon)
    for name, p in leaves.items():
        p.grad = gradients["d" + name].detach().clone()
        optimizer.state[p] = {
            "step": torch.tensor(float(t - 1)),
            "exp_avg": v["d" + name].detach().clone(),
            "exp_avg_sq": s["d" + name].detach().clone(),
        }
    optimizer.step()
    means = {"d" + name: optimizer.state[p]["exp_avg"] for name, p in leaves.items()}
    squares = {"d" + name: optimizer.state[p]["exp_avg_sq"] for name, p in leaves.items()}
    return {name: p.detach() for name, p in leaves.items()}, means, squares
