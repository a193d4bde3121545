"""What is handed in from a course's notebook: prints, copies of copies, cv2 habits undone, a main block."""

import math

import numpy as np

# images: (N, C, H, W)


def flip_horizontal(images, p, rng):
    images = np.array(images)
    flips = rng.random(images.shape[0])
    for idx, f in enumerate(flips):
        if f < p:
            images[idx] = images[idx, :, :, ::-1].copy()
    return images


def random_crop(images, size, padding, rng):
    if type(size) == int:  # noqa: E721
        crop_h = crop_w = size
    else:
        crop_h, crop_w = size[0], size[1]
    padded = np.pad(
        images, ((0, 0), (0, 0), (padding, padding), (padding, padding)), mode="constant", constant_values=0
    )
    N, C, H, W = padded.shape
    result = np.empty((N, C, crop_h, crop_w)).astype(images.dtype)
    ys = rng.integers(low=0, high=H - crop_h, size=N, endpoint=True)
    xs = rng.integers(low=0, high=W - crop_w, size=N, endpoint=True)
    for idx, (y, x) in enumerate(zip(ys, xs)):  # noqa: B905
        result[idx, ...] = padded[idx, :, y : y + crop_h, x : x + crop_w]
    return result


def rotate90(images, k):
    out = images
    for _ in range(k % 4):
        out = np.transpose(out, (0, 1, 3, 2))[:, :, ::-1, :]
    return out.copy()


def bilinear(images, ys, xs):
    H, W = images.shape[2:]
    y0 = np.floor(ys).astype(int)
    x0 = np.floor(xs).astype(int)
    y1 = y0 + 1
    x1 = x0 + 1

    def get(yy, xx):
        valid = (yy >= 0) & (yy <= H - 1) & (xx >= 0) & (xx <= W - 1)
        return images[:, :, yy.clip(0, H - 1), xx.clip(0, W - 1)] * valid

    wa = (y1 - ys) * (x1 - xs)
    wb = (ys - y0) * (x1 - xs)
    wc = (y1 - ys) * (xs - x0)
    wd = (ys - y0) * (xs - x0)
    result = wa * get(y0, x0) + wb * get(y1, x0) + wc * get(y0, x1) + wd * get(y1, x1)
    return result.astype(images.dtype)


def rotate(images, degrees):
    H, W = images.shape[2], images.shape[3]
    theta = degrees / 180.0 * np.pi
    cy, cx = (H - 1) / 2.0, (W - 1) / 2.0
    jj, ii = np.meshgrid(np.arange(W), np.arange(H))
    x = jj - cx
    y = ii - cy
    ys = cy + x * np.sin(theta) + y * np.cos(theta)
    xs = cx + x * np.cos(theta) - y * np.sin(theta)
    return bilinear(images, ys, xs)


def color_jitter(images, brightness, contrast, rng):
    N = images.shape[0]
    b = rng.uniform(max(0, 1 - brightness), 1 + brightness, size=(N, 1, 1, 1))
    c = rng.uniform(max(0, 1 - contrast), 1 + contrast, size=(N, 1, 1, 1))
    out = np.clip(images * b, 0.0, 1.0)
    m = out.mean(axis=(1, 2, 3)).reshape(N, 1, 1, 1)
    out = np.clip((out - m) * c + m, 0.0, 1.0)
    return out.astype(images.dtype)


def resize(images, size):
    print("resizing to", size)
    if isinstance(size, (tuple, list)):
        new_h, new_w = size
    else:
        new_h, new_w = size, size
    H, W = images.shape[2], images.shape[3]
    ys = np.clip((np.arange(new_h) + 0.5) * H / new_h - 0.5, 0, H - 1)
    xs = np.clip((np.arange(new_w) + 0.5) * W / new_w - 0.5, 0, W - 1)
    xx, yy = np.meshgrid(xs, ys)
    return bilinear(images, yy, xx)


def mixup(x, y, alpha, rng):
    lam = rng.beta(alpha, alpha)
    batch_size = x.shape[0]
    index = rng.permutation(batch_size)
    mixed_x = lam * x + (1 - lam) * x[index, :]
    mixed_y = lam * y + (1 - lam) * y[index]
    return mixed_x, mixed_y, lam


def progressive_sizes(start, end, epochs, multiple=32):
    sizes = []
    for epoch in range(epochs):
        if epoch == epochs - 1:
            sizes.append(end)
        elif epoch == 0:
            sizes.append(start)
        else:
            size = start + (end - start) * epoch / (epochs - 1)
            size = math.floor(size / multiple + 0.5) * multiple
            if size < start:
                size = math.ceil(start / multiple) * multiple
            if size > end:
                size = (end // multiple) * multiple
            sizes.append(size)
    return np.array(sizes)


if __name__ == "__main__":
    demo = np.random.default_rng(0).random((2, 3, 8, 10))
    print(rotate(demo, 30).shape)
