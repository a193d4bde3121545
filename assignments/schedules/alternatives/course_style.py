"""As in well-known courses and repositories: get_lr with early returns, a finder with mult, best_loss and batch_num."""

import math

import numpy as np


def step_decay(lr0, epoch, factor, every):
    drops = int(epoch / every)
    lr = lr0 * math.pow(factor, drops)
    return lr


def exponential_decay(lr0, t, k):
    return lr0 * np.exp(-k * t)


def cosine_annealing(lr_max, lr_min, t, T):
    # learning rate decay, cosine
    coeff = 0.5 * (1.0 + math.cos(math.pi * t / T))
    assert 0 <= coeff <= 1
    return lr_min + coeff * (lr_max - lr_min)


def warmup_cosine(lr_max, t, warmup, T):
    min_lr = 0.0
    # 1) linear warmup for warmup_iters steps
    if t < warmup:
        return lr_max * t / warmup
    # 2) if it > lr_decay_iters, return min learning rate
    if t > T:
        return min_lr
    # 3) in between, use cosine decay down to min learning rate
    decay_ratio = (t - warmup) / (T - warmup)
    coeff = 0.5 * (1.0 + math.cos(math.pi * decay_ratio))
    return min_lr + coeff * (lr_max - min_lr)


def annealing_cos(start, end, pct):
    "Cosine anneal from `start` to `end` as pct goes from 0.0 to 1.0."
    cos_out = np.cos(np.pi * pct) + 1
    return end + (start - end) / 2 * cos_out


def one_cycle(lr_max, t, T, pct_start=0.3, div_factor=25, final_div_factor=1e4):
    low_lr = lr_max / div_factor
    min_lr = low_lr / final_div_factor
    a1 = T * pct_start
    a2 = T - a1
    if t >= a1:
        return annealing_cos(lr_max, min_lr, (t - a1) / a2)
    return annealing_cos(low_lr, lr_max, t / a1)


def lr_finder(step, lr_min=1e-7, lr_max=10, steps=100):
    num = steps - 1
    mult = (lr_max / lr_min) ** (1 / num)
    lr = lr_min
    best_loss = 0.0
    batch_num = 0
    losses = []
    lrs = []
    while batch_num < steps:
        batch_num += 1
        loss = step(lr)
        # Store the values
        losses.append(loss)
        lrs.append(lr)
        # Stop if the loss is exploding
        if batch_num > 1 and (np.isnan(loss) or np.isinf(loss) or loss > 4 * best_loss):
            break
        # Record the best loss
        if loss < best_loss or batch_num == 1:
            best_loss = loss
        # Update the lr for the next step
        lr *= mult
    print("stopped after", batch_num)
    return np.array(lrs), np.array(losses), lrs[losses.index(best_loss)] / 10
