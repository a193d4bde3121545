"""Architectures: published parameter counts, the shape at every stage, receptive fields, and a training step.

Counts are taken on the meta device, where a tensor has a shape and no memory.
"""

import inspect
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.with_numpy.convolution import output_size, parameter_count

torch = pytest.importorskip("torch")
from reference.with_torch import architectures as reference  # noqa: E402

nn = torch.nn
quick = settings(max_examples=30, deadline=None, derandomize=True)


def on_paper(build: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """The module without memory, in evaluation mode."""
    with torch.device("meta"):
        return build(*arguments, **options).eval()


def count(model: Any) -> int:
    return sum(p.numel() for p in model.parameters())


def stage_shapes(model: Any, side: int) -> dict[str, tuple[int, ...]]:
    """The shape after each stage, without the example axis."""
    X = torch.empty(2, model.channels, side, side, device="meta")
    shapes = {}
    for name, stage in model.named_children():
        X = stage(X)
        assert len(X) == 2
        shapes[name] = tuple(X.shape[1:])
    return shapes


def receptive_field(model: Any, side_branches: tuple[str, ...] = ()) -> int:
    """Side of the region of the input that one unit of the last feature map sees, by the widest kernels.

    With kernel k and jump j (the product of the strides so far) each layer adds (k - 1) j.
    """
    field, jump = 1, 1
    for name, layer in model.named_modules():
        if isinstance(layer, nn.Conv2d | nn.MaxPool2d | nn.AvgPool2d) and not any(b in name for b in side_branches):
            kernel, stride = (v[0] if isinstance(v, tuple) else v for v in (layer.kernel_size, layer.stride))
            field += (kernel - 1) * jump
            jump *= stride
    return field


BUILDS: dict[str, tuple[Callable[[], Any], int]] = {
    "LeNet5": (lambda: reference.LeNet5(), 32),
    "AlexNet": (lambda: reference.AlexNet(10), 63),
    "VGG11": (lambda: reference.VGG(11, 10), 32),
    "GoogLeNet": (lambda: reference.GoogLeNet(10), 32),
    "ResNet18": (lambda: reference.ResNet(18, 10), 32),
    "ResNet50": (lambda: reference.ResNet(50, 10), 64),
    "EfficientNet": (lambda: reference.EfficientNet(0, 10), 64),
}


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


class TestParameterCounts:
    @pytest.mark.parametrize(
        ("build", "arguments", "published"),
        [
            ("LeNet5", (), 61_706),
            ("AlexNet", (), 61_100_840),
            ("VGG", (11,), 132_863_336),
            ("VGG", (13,), 133_047_848),
            ("VGG", (16,), 138_357_544),
            ("VGG", (19,), 143_667_240),
            ("GoogLeNet", (), 6_998_552),
            ("ResNet", (18,), 11_689_512),
            ("ResNet", (34,), 21_797_672),
            ("ResNet", (50,), 25_557_032),
            ("ResNet", (101,), 44_549_160),
            ("ResNet", (152,), 60_192_808),
            ("EfficientNet", (), 5_288_548),
            ("EfficientNet", (1,), 9_109_994),
        ],
    )
    def test_published(self, build: str, arguments: tuple[int, ...], published: int) -> None:
        """AlexNet, VGG, ResNet, EfficientNet-B0 and B2: torchvision's model pages (num_params). GoogLeNet: Caffe's
        bvlc_googlenet as deployed (6.999 M in the Open Model Zoo). LeNet-5: the sum of the table below."""
        assert count(on_paper(getattr(reference, build), *arguments)) == published

    def test_lenet_by_layer(self) -> None:
        """LeCun et al. (1998), section II.B: C1 156, C5 48,120, F6 10,164. Our C3 is full, hence 2,416 and not 1,516;
        our pooling has nothing to learn, hence 0 and not 12 and 32; the output is linear, hence 850."""
        counts = {name: count(stage) for name, stage in on_paper(reference.LeNet5).named_children()}
        assert counts == {"C1": 156, "S2": 0, "C3": 2416, "S4": 0, "C5": 48_120, "F6": 10_164, "head": 850}

    def test_vgg16_by_hand(self) -> None:
        widths = [3, 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512]
        convolutions = sum(parameter_count(3, a, b) for a, b in itertools.pairwise(widths))
        dense = sum((a + 1) * b for a, b in ((512 * 7 * 7, 4096), (4096, 4096), (4096, 1000)))
        assert count(on_paper(reference.VGG, 16)) == convolutions + dense

    def test_inception_3a_by_hand(self) -> None:
        """Szegedy et al. (2015), table 1: 159 K weights (of 1,024), which needs a true 5x5; a 3x3 there gives 151 K."""
        module = on_paper(reference.InceptionModule, 192, 64, 96, 128, 16, 32, 32)
        branches = [(1, 192, 64), (1, 192, 96), (3, 96, 128), (1, 192, 16), (5, 16, 32), (1, 192, 32)]
        assert count(module) == sum(parameter_count(*branch) for branch in branches)
        assert sum(p.numel() for p in module.parameters() if p.ndim == 4) // 1024 == 159

    @pytest.mark.parametrize(
        ("build", "arguments", "features"),
        [
            ("LeNet5", (), 84),
            ("AlexNet", (), 4096),
            ("VGG", (11,), 4096),
            ("GoogLeNet", (), 1024),
            ("ResNet", (18,), 512),
            ("ResNet", (50,), 2048),
            ("EfficientNet", (0,), 1280),
        ],
    )
    def test_classes_change_the_head_alone(self, build: str, arguments: tuple[int, ...], features: int) -> None:
        small, large = (on_paper(getattr(reference, build), *arguments, classes=k) for k in (2, 7))
        assert count(large) - count(small) == 5 * (features + 1)

    def test_default_classes(self) -> None:
        heads = {name: on_paper(getattr(reference, name), *a)[-1] for name, a in (("LeNet5", ()), ("ResNet", (18,)))}
        assert {name: head.out_features for name, head in heads.items()} == {"LeNet5": 10, "ResNet": 1000}


class TestStages:
    def test_lenet(self) -> None:
        assert list(stage_shapes(on_paper(reference.LeNet5), 32).values()) == [
            *((6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 5, 5)),
            *((120,), (84,), (10,)),
        ]

    def test_alexnet(self) -> None:
        assert list(stage_shapes(on_paper(reference.AlexNet), 224).values()) == [
            *((64, 27, 27), (192, 13, 13), (384, 13, 13), (256, 13, 13), (256, 6, 6)),
            *((9216,), (4096,), (4096,), (1000,)),
        ]

    @pytest.mark.parametrize("depth", [11, 13, 16, 19])
    def test_vgg(self, depth: int) -> None:
        model = on_paper(reference.VGG, depth)
        assert list(stage_shapes(model, 224).values()) == [
            *((64, 112, 112), (128, 56, 56), (256, 28, 28), (512, 14, 14), (512, 7, 7)),
            *((25_088,), (4096,), (4096,), (1000,)),
        ]
        assert sum(isinstance(layer, nn.Conv2d | nn.Linear) for layer in model.modules()) == depth
        assert not any(isinstance(layer, nn.BatchNorm2d) for layer in model.modules())

    def test_googlenet(self) -> None:
        """Szegedy et al. (2015), table 1, column "output size"."""
        shapes = stage_shapes(on_paper(reference.GoogLeNet), 224)
        assert [shapes[name] for name in ("conv1", "pool1", "conv2", "pool2", "pool3", "pool4")] == [
            *((64, 112, 112), (64, 56, 56), (192, 56, 56), (192, 28, 28), (480, 14, 14), (832, 7, 7)),
        ]
        widths = [shapes[f"inception{name}"] for name in ("3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b")]
        assert [w[0] for w in widths] == [256, 480, 512, 512, 512, 528, 832, 832, 1024]
        assert [w[1] for w in widths] == [28, 28, 14, 14, 14, 14, 14, 7, 7]
        assert shapes["flatten"] == (1024,)

    @pytest.mark.parametrize(("depth", "growth"), [(18, 1), (34, 1), (50, 4), (101, 4), (152, 4)])
    def test_resnet(self, depth: int, growth: int) -> None:
        """He et al. (2016), table 1; the depth counts layers with weights, projections not among them."""
        model = on_paper(reference.ResNet, depth)
        assert list(stage_shapes(model, 224).values()) == [
            (64, 56, 56),
            *((64 * growth, 56, 56), (128 * growth, 28, 28), (256 * growth, 14, 14), (512 * growth, 7, 7)),
            *((512 * growth,), (1000,)),
        ]
        layers = [n for n, m in model.named_modules() if isinstance(m, nn.Conv2d | nn.Linear) and "shortcut" not in n]
        assert len(layers) == depth

    def test_efficientnet(self) -> None:
        """Tan and Le (2019), table 1: the resolution there is that of each stage's input."""
        assert list(stage_shapes(on_paper(reference.EfficientNet), 224).values()) == [
            *((32, 112, 112), (16, 112, 112), (24, 56, 56), (40, 28, 28), (80, 14, 14)),
            *((112, 14, 14), (192, 7, 7), (320, 7, 7), (1280, 7, 7), (1280,), (1000,)),
        ]

    def test_sides_follow_the_formula(self) -> None:
        assert stage_shapes(on_paper(reference.AlexNet), 224)["stage1"][1] == output_size(
            output_size(224, 11, 4, 2), 3, 2
        )
        stem = output_size(output_size(200, 7, 2, 3), 3, 2, 1)
        assert stage_shapes(on_paper(reference.ResNet, 18), 200)["stem"] == (64, stem, stem)

    @pytest.mark.parametrize("side", [63, 97, 160])
    @pytest.mark.parametrize("name", ["AlexNet", "VGG11", "GoogLeNet", "ResNet18", "EfficientNet"])
    def test_other_sides(self, name: str, side: int) -> None:
        model = on_paper(BUILDS[name][0])
        assert model(torch.empty(3, 3, side, side + 5, device="meta")).shape == (3, 10)


class TestReceptiveFields:
    def test_chains(self) -> None:
        """Araujo, Norris, Sim (2019), Computing receptive fields of convolutional neural networks: 195 for AlexNet (the
        one-tower v2) and 212 for VGG-16; LeNet's C5 sees the whole image (LeCun et al. 1998)."""
        assert receptive_field(on_paper(reference.LeNet5)) == 32
        assert receptive_field(on_paper(reference.AlexNet)) == 195
        assert receptive_field(on_paper(reference.VGG, 16)) == 212

    @pytest.mark.parametrize(("depth", "field"), [(18, 435), (34, 899), (50, 427), (101, 971), (152, 1451)])
    def test_resnets(self, depth: int, field: int) -> None:
        """Stages of n blocks, one 3x3 a bottleneck and two a basic block, at jumps of 4, 8, 16, 32 (the first of a
        stage still at the jump before). With the stride on the bottleneck's first 1x1, as published, it would be 483,
        1,027 and 1,507 at depths 50, 101 and 152 (Araujo et al. 2019): 56 more."""
        assert receptive_field(on_paper(reference.ResNet, depth), ("shortcut",)) == field
        if depth >= 50:
            published = {50: 483, 101: 1027, 152: 1507}[depth]
            assert published - field == 2 * (8 - 4) + 2 * (16 - 8) + 2 * (32 - 16)

    def test_by_gradient(self) -> None:
        """One output pixel of a VGG stage reaches exactly the pixels that the formula says."""
        model = nn.Sequential(*list(on_paper(reference.VGG, 11).children())[:3]).to_empty(device="cpu")
        for layer in model.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init.constant_(layer.weight, 1 / layer.weight[0].numel())
                nn.init.zeros_(layer.bias)
        # The mean in place of the maximum: its gradient shows every pixel of the window.
        chain = [nn.AvgPool2d(2) if isinstance(m, nn.MaxPool2d) else m for stage in model for m in stage]
        X = torch.ones(1, 3, 80, 80, requires_grad=True)
        out = nn.Sequential(*chain)(X)
        out[0, 0, 5, 5].backward()
        reached = X.grad[0, 0].nonzero()
        sides = reached.amax(0) - reached.amin(0) + 1
        assert sides.tolist() == [receptive_field(model)] * 2


class TestBlocks:
    def test_inception_concatenates_its_branches(self) -> None:
        torch.manual_seed(0)
        module = reference.InceptionModule(5, 2, 3, 4, 2, 3, 6).double()
        X = torch.randn(2, 5, 9, 8, dtype=torch.float64)
        W = [p.detach() for p in module.parameters()]
        F = nn.functional
        branches = [
            F.conv2d(X, W[0], W[1]).relu(),
            F.conv2d(F.conv2d(X, W[2], W[3]).relu(), W[4], W[5], padding=1).relu(),
            F.conv2d(F.conv2d(X, W[6], W[7]).relu(), W[8], W[9], padding=2).relu(),
            F.conv2d(F.max_pool2d(X, 3, 1, 1), W[10], W[11]).relu(),
        ]
        out = module(X)
        assert out.shape == (2, 15, 9, 8)
        torch.testing.assert_close(out, torch.cat(branches, dim=1), rtol=1e-12, atol=1e-13)
        assert W[8].shape[2:] == (5, 5)

    @pytest.mark.parametrize("depth", [18, 50])
    def test_resnet_blocks_can_be_the_identity(self, depth: int) -> None:
        """Zero the last batch norm of a block without projection, and what came in comes out."""
        torch.manual_seed(0)
        block = reference.ResNet(depth, 2)[2][1].eval()
        nn.init.zeros_([m for m in block.branch.modules() if isinstance(m, nn.BatchNorm2d)][-1].weight)
        X = torch.rand(2, 128 if depth == 18 else 512, 6, 6)
        torch.testing.assert_close(block(X), X, rtol=0, atol=0)

    def test_projections_only_where_the_shape_changes(self) -> None:
        for depth, stages in ((18, 3), (50, 4)):
            names = [name for name, m in on_paper(reference.ResNet, depth).named_modules() if isinstance(m, nn.Conv2d)]
            assert sum("shortcut" in name for name in names) == stages

    def test_squeeze_and_excitation_gates(self) -> None:
        """Each channel is scaled by one number in (0, 1), the same at every pixel."""
        torch.manual_seed(0)
        gate = next(m for m in reference.EfficientNet(0, 2).modules() if type(m).__name__ == "SqueezeExcitation")
        X = torch.rand(2, 32, 4, 5) + 0.5
        ratio = gate(X) / X
        assert bool(((ratio > 0) & (ratio < 1)).all())
        torch.testing.assert_close(ratio, ratio[:, :, :1, :1].expand_as(ratio))
        assert ratio[:, :, 0, 0].std() > 1e-3


class TestScaling:
    @quick
    @given(a=st.floats(-5, 5), b=st.floats(-5, 5))
    def test_factors_multiply(self, a: float, b: float) -> None:
        parts = zip(reference.compound_scaling(a), reference.compound_scaling(b), strict=True)
        assert reference.compound_scaling(a + b) == pytest.approx([x * y for x, y in parts], rel=1e-12)

    def test_published(self) -> None:
        """Tan and Le (2019), section 4: alpha 1.2, beta 1.1, gamma 1.15 with alpha beta^2 gamma^2 close to 2."""
        assert reference.compound_scaling(0) == (1, 1, 1)
        depth, width, resolution = reference.compound_scaling(1)
        assert (depth, width, resolution) == (1.2, 1.1, 1.15)
        assert depth * width**2 * resolution**2 == pytest.approx(2, abs=0.1)
        assert reference.compound_scaling(3, alpha=2, beta=3, gamma=0.5) == (8, 27, 0.125)

    def test_grows(self) -> None:
        counts = [count(on_paper(reference.EfficientNet, phi)) for phi in (0, 0.5, 1, 1.5)]
        assert counts == sorted(set(counts))
        shapes = stage_shapes(on_paper(reference.EfficientNet, 3), 64)
        assert [shapes[f"stage{n}"][0] for n in range(1, 8)] == [24, 32, 56, 104, 152, 256, 424]
        dropouts = [on_paper(reference.EfficientNet, phi, 2)[-2][-1].p for phi in (0, 7, 9)]
        assert dropouts == [0.2, 0.5, 0.5]


class TestTraining:
    @pytest.mark.parametrize("name", list(BUILDS))
    def test_one_step_lowers_the_loss(self, name: str) -> None:
        """Plain gradient descent at 0.001, dropout off, every parameter with a gradient."""
        build, side = BUILDS[name]
        with torch.random.fork_rng():
            torch.manual_seed(0)
            model = build()
            X = torch.randn(4, model.channels, side, side)
        before = X.clone()
        for layer in model.modules():
            if isinstance(layer, nn.Dropout):
                layer.p = 0.0
        loss = nn.functional.cross_entropy(model(X), torch.arange(4))
        gradients = torch.autograd.grad(loss, list(model.parameters()))
        with torch.no_grad():
            for p, g in zip(model.parameters(), gradients, strict=True):
                assert g.any()
                p -= 0.001 * g
            assert nn.functional.cross_entropy(model(X), torch.arange(4)) < loss
        assert torch.equal(X, before)

    @pytest.mark.parametrize("name", ["LeNet5", "ResNet18", "EfficientNet"])
    def test_evaluation_is_by_example(self, name: str) -> None:
        build, side = BUILDS[name]
        with torch.random.fork_rng():
            torch.manual_seed(1)
            model = build().eval()
            X = torch.randn(2, model.channels, side, side)
        with torch.no_grad():
            together = model(X)
            alone = torch.cat([model(x[None]) for x in X])
        torch.testing.assert_close(together, alone, rtol=1e-4, atol=1e-5)

    def test_the_seed_decides(self) -> None:
        with torch.random.fork_rng():
            first, again, other = (torch.manual_seed(s) and reference.LeNet5().C1[0].weight for s in (1, 1, 2))
        assert torch.equal(first, again)
        assert not torch.equal(first, other)


class TestContract:
    def test_names(self) -> None:
        assert reference.__all__ == [
            *("LeNet5", "AlexNet", "VGG", "InceptionModule", "GoogLeNet", "ResNet", "EfficientNet", "compound_scaling")
        ]
        expected = {
            "LeNet5": "classes=10",
            "AlexNet": "classes=1000",
            "VGG": "depth, classes=1000",
            "InceptionModule": "channels_in, c1, c3_reduce, c3, c5_reduce, c5, pool_proj",
            "GoogLeNet": "classes=1000",
            "ResNet": "depth, classes=1000",
            "EfficientNet": "phi=0, classes=1000",
            "compound_scaling": "phi, alpha=1.2, beta=1.1, gamma=1.15",
        }
        for name, text in expected.items():
            parameters = inspect.signature(getattr(reference, name)).parameters.values()
            plain = [p.name if p.default is p.empty else f"{p.name}={p.default}" for p in parameters]
            assert ", ".join(plain) == text

    @pytest.mark.parametrize(
        ("build", "arguments", "argument"),
        [
            ("VGG", (12,), "depth"),
            ("ResNet", (20,), "depth"),
            ("EfficientNet", (-1,), "phi"),
            ("EfficientNet", (float("nan"),), "phi"),
            ("LeNet5", (0,), "classes"),
            ("AlexNet", (2.5,), "classes"),
            ("VGG", (11, 0), "classes"),
            ("GoogLeNet", (-3,), "classes"),
            ("ResNet", (18, 0), "classes"),
            ("InceptionModule", (8, 4, 0, 4, 4, 4, 4), "c3_reduce"),
            ("compound_scaling", (float("inf"),), "phi"),
            ("compound_scaling", (1, 0), "alpha"),
        ],
    )
    def test_refuses_sizes(self, build: str, arguments: tuple[Any, ...], argument: str) -> None:
        with pytest.raises(ValueError, match=f"^{argument}: got"):
            on_paper(getattr(reference, build), *arguments)

    def test_refuses_images(self) -> None:
        for name, shape in (
            ("LeNet5", (2, 3, 32, 32)),
            ("LeNet5", (2, 1, 28, 28)),
            ("AlexNet", (2, 3, 62, 80)),
            ("VGG11", (2, 3, 31, 64)),
            ("GoogLeNet", (3, 64, 64)),
            ("ResNet18", (2, 1, 64, 64)),
            ("EfficientNet", (2, 3, 64, 20)),
        ):
            with pytest.raises(ValueError, match=r"^X: got"):
                on_paper(BUILDS[name][0])(torch.empty(shape, device="meta"))
        with pytest.raises(ValueError, match=r"^X: got"):
            reference.InceptionModule(4, 1, 1, 1, 1, 1, 1)(torch.zeros(1, 3, 8, 8))
