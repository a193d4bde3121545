"""Transfer learning: what is frozen stays to the bit, what is not moves at its own rate."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch")
from reference.with_torch import architectures  # noqa: E402
from reference.with_torch import transfer as reference  # noqa: E402

nn = torch.nn
quick = settings(max_examples=30, deadline=None, derandomize=True)
Batches = list[tuple[Any, Any]]


@pytest.fixture(autouse=True)
def one_thread_and_a_seed() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        yield
    torch.set_num_threads(threads)


def flat() -> Any:
    """Three layers and their norms in one chain."""
    return nn.Sequential(
        *(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU()),
        *(nn.Conv2d(4, 6, 3), nn.BatchNorm2d(6), nn.ReLU()),
        *(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(6, 3)),
    )


class Nested(nn.Module):
    """A body with norms inside and a head that sits within a classifier."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU())
        self.pool = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.classifier = nn.Sequential(nn.Linear(4, 5), nn.LayerNorm(5), nn.ReLU(), nn.Dropout(0.5), nn.Linear(5, 3))

    def forward(self, X: Any) -> Any:
        return self.classifier(self.pool(self.body(X)))


MODELS: dict[str, Callable[[], Any]] = {"flat": flat, "nested": Nested, "wrapped": lambda: nn.Sequential(flat())}


def make_batches(count: int = 3, size: int = 8) -> Batches:
    """Images whose brightness is their class."""
    labels = [torch.arange(size) % 3 for _ in range(count)]
    return [(torch.randn(size, 1, 7, 7) + y.view(-1, 1, 1, 1), y) for y in labels]


def snapshot(module: Any) -> dict[str, Any]:
    return {name: value.detach().clone() for name, value in module.state_dict().items()}


def step(model: Any, batches: Batches, optimizer: Any) -> None:
    X, labels = batches[0]
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(X), labels).backward()
    optimizer.step()


def unchanged(before: dict[str, Any], module: Any) -> bool:
    after = module.state_dict()
    return all(torch.equal(before[name], after[name]) for name in before)


class TestReplaceHead:
    @pytest.mark.parametrize("name", list(MODELS))
    def test_only_the_head_is_new(self, name: str) -> None:
        model = MODELS[name]()
        before = snapshot(model)
        copy = reference.replace_head(model, 7)
        old, new = (reference.layer_groups(m)[-1][0] for m in (model, copy))
        assert (new.in_features, new.out_features) == (old.in_features, 7)
        assert copy.eval()(make_batches()[0][0]).shape == (8, 7)
        path = next(key for key, module in copy.named_modules() if module is new)
        for key, value in copy.state_dict().items():
            if not key.startswith(path):
                assert torch.equal(value, before[key])
        assert type(copy) is type(model)
        assert [key for key, _ in copy.named_modules()] == [key for key, _ in model.named_modules()]

    @pytest.mark.parametrize("name", list(MODELS))
    def test_the_model_is_left_alone(self, name: str) -> None:
        model = MODELS[name]()
        before = snapshot(model)
        copy = reference.replace_head(model, 3)
        memory = {p.data_ptr() for p in model.parameters()}
        assert not any(p.data_ptr() in memory for p in copy.parameters())
        with torch.no_grad():
            for p in copy.parameters():
                p.zero_()
        assert unchanged(before, model)

    def test_fresh_weights_even_for_the_same_classes(self) -> None:
        model = flat()
        first, second = reference.replace_head(model, 3), reference.replace_head(model, 3)
        assert not torch.equal(first[-1].weight, model[-1].weight)
        assert not torch.equal(first[-1].weight, second[-1].weight)

    def test_keeps_the_kind(self) -> None:
        model = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 2, bias=False)).double().eval()
        for p in model.parameters():
            p.requires_grad_(False)
        copy = reference.replace_head(model, 5)
        assert copy[-1].bias is None
        assert copy[-1].weight.dtype == torch.float64
        assert not copy[-1].training
        assert copy[-1].weight.requires_grad
        assert not copy[0].weight.requires_grad
        assert reference.replace_head(nn.Linear(4, 2), 6).out_features == 6

    @pytest.mark.parametrize("name", ["LeNet5", "AlexNet", "GoogLeNet", "EfficientNet"])
    def test_architectures(self, name: str) -> None:
        with torch.device("meta"):
            model = getattr(architectures, name)()
            copy = reference.replace_head(model, 4)
        assert copy[-1].out_features == 4
        difference = sum(p.numel() for p in model.parameters()) - sum(p.numel() for p in copy.parameters())
        assert difference == (model[-1].out_features - 4) * (model[-1].in_features + 1)


class TestLayerGroups:
    @pytest.mark.parametrize("name", list(MODELS))
    def test_every_parameter_is_in_one_group(self, name: str) -> None:
        model = MODELS[name]()
        grouped = [id(p) for group in reference.layer_groups(model) for m in group for p in m.parameters()]
        assert sorted(grouped) == sorted(id(p) for p in model.parameters())

    def test_norms_go_with_the_layer_before(self) -> None:
        model = flat()
        assert reference.layer_groups(model) == [[model[0], model[1]], [model[3], model[4]], [model[8]]]
        assert reference.layer_groups(nn.Sequential(model)) == reference.layer_groups(model)

    def test_a_head_within_a_classifier(self) -> None:
        model = Nested()
        assert reference.layer_groups(model) == [
            *([model.body], [model.classifier[0], model.classifier[1]], [model.classifier[4]])
        ]

    @pytest.mark.parametrize(
        ("build", "arguments", "groups"),
        [("ResNet", (18,), 6), ("VGG", (16,), 8), ("AlexNet", (), 8), ("LeNet5", (), 5), ("EfficientNet", (), 10)],
    )
    def test_architectures(self, build: str, arguments: tuple[int, ...], groups: int) -> None:
        """One group for each stage of the published tables that has something to learn."""
        with torch.device("meta"):
            model = getattr(architectures, build)(*arguments)
        found = reference.layer_groups(model)
        assert len(found) == groups
        assert found[0] == [model[0]]
        assert found[-1] == [model[-1]]
        grouped = [id(p) for group in found for m in group for p in m.parameters()]
        assert sorted(grouped) == sorted(id(p) for p in model.parameters())


class TestFreezeTo:
    @pytest.mark.parametrize("name", list(MODELS))
    def test_gradients_from_the_group_on(self, name: str) -> None:
        model = MODELS[name]()
        groups = reference.layer_groups(model)
        for first in [*range(len(groups) + 1), 0]:
            reference.freeze_to(model, first)
            for index, modules in enumerate(groups):
                trainable = {p.requires_grad for m in modules for p in m.parameters()}
                assert trainable == {index >= first}

    def test_frozen_bits_do_not_move(self) -> None:
        model, batches = flat(), make_batches()
        model.train()
        reference.freeze_to(model, 1)
        frozen, thawed = reference.layer_groups(model)[:2]
        before = [snapshot(m) for m in (*frozen, *thawed)]
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=0.1)
        for _ in range(3):
            step(model, batches, optimizer)
        assert all(unchanged(b, m) for b, m in zip(before[:2], frozen, strict=True))
        assert not any(unchanged(b, m) for b, m in zip(before[2:], thawed, strict=True))
        assert not any(p in optimizer.state for m in frozen for p in m.parameters())

    def test_old_gradients_are_forgotten(self) -> None:
        """A gradient left from before the freeze would still move the weights at the next step."""
        model, batches = flat(), make_batches()
        nn.functional.cross_entropy(model(batches[0][0]), batches[0][1]).backward()
        reference.freeze_to(model, 2)
        before = snapshot(model[0])
        torch.optim.SGD(model.parameters(), lr=0.1).step()
        assert unchanged(before, model[0])

    def test_frozen_batch_norms_stay_in_eval_mode(self) -> None:
        model, batches = flat().train(), make_batches()
        reference.freeze_to(model, 1)
        assert [model[1].training, model[4].training] == [False, True]
        model.train()
        assert [model[1].training, model[4].training] == [False, True]
        before = snapshot(model[1])
        model(batches[0][0])
        assert unchanged(before, model[1])

    def test_thawed_batch_norms_are_as_the_model(self) -> None:
        model = flat().train()
        reference.freeze_to(model, 2)
        reference.freeze_to(model, 0)
        assert model[1].training
        assert not model.eval()[1].training
        reference.freeze_to(model, 2)
        reference.freeze_to(model, 0)
        assert not model[1].training
        assert model.train()[1].training

    def test_a_copy_of_a_frozen_model_is_frozen_by_itself(self) -> None:
        model = flat().train()
        reference.freeze_to(model, 2)
        copy = reference.replace_head(model, 4).train()
        assert [copy[1].training, copy[4].training] == [False, False]
        reference.freeze_to(copy, 0)
        assert copy[1].training
        assert not model.train()[1].training


class TestDiscriminativeRates:
    @quick
    @given(lr=st.floats(1e-6, 1), factor=st.floats(0.5, 10))
    def test_each_group_at_a_fraction_of_the_next(self, lr: float, factor: float) -> None:
        model = Nested()
        groups = reference.discriminative_parameter_groups(model, lr, factor)
        rates = [group["lr"] for group in groups]
        assert rates[-1] == lr
        for lower, upper in zip(rates, rates[1:], strict=False):  # noqa: RUF007
            assert lower * factor == pytest.approx(upper, rel=1e-12)
        for group, modules in zip(groups, reference.layer_groups(model), strict=True):
            assert set(group) == {"params", "lr"}
            assert [id(p) for p in group["params"]] == [id(p) for m in modules for p in m.parameters()]

    def test_sgd_moves_each_group_by_its_rate(self) -> None:
        """The first step of SGD is the rate times the gradient, so that the ratio of updates is the ratio of rates."""
        model, batches = flat(), make_batches()
        before = snapshot(model)
        groups = reference.discriminative_parameter_groups(model, 0.5, 2.6)
        optimizer = torch.optim.SGD(groups)
        step(model, batches, optimizer)
        for index, rate in ((0, 0.5 / 2.6**2), (3, 0.5 / 2.6), (8, 0.5)):
            expected = before[f"{index}.weight"] - rate * model[index].weight.grad
            torch.testing.assert_close(model[index].weight.detach(), expected, rtol=1e-6, atol=1e-8)

    def test_factor_one_is_one_rate(self) -> None:
        assert {g["lr"] for g in reference.discriminative_parameter_groups(flat(), 0.1, 1)} == {0.1}


class TestGradualUnfreezing:
    @quick
    @given(epoch=st.integers(0, 50), groups=st.integers(1, 20))
    def test_one_more_group_each_epoch(self, epoch: int, groups: int) -> None:
        first = reference.gradual_unfreezing(epoch, groups)
        assert groups - first == min(groups, epoch + 1)  # groups that train
        assert type(first) is int

    def test_the_head_first_and_everything_in_the_end(self) -> None:
        assert [reference.gradual_unfreezing(epoch, 4) for epoch in range(6)] == [3, 2, 1, 0, 0, 0]


class TestFineTune:
    @pytest.mark.parametrize("name", list(MODELS))
    @pytest.mark.parametrize("epochs", [1, 2])
    def test_frozen_to_the_bit(self, name: str, epochs: int) -> None:
        model = MODELS[name]()
        before = snapshot(model)
        groups = reference.layer_groups(model)
        states = [[snapshot(m) for m in modules] for modules in groups]
        reference.fine_tune(model, make_batches(), epochs, 0.01, 2.6)
        assert before.keys() == snapshot(model).keys()
        for index, (modules, state) in enumerate(zip(groups, states, strict=True)):
            same = [unchanged(s, m) for s, m in zip(state, modules, strict=True)]
            assert all(same) if index < len(groups) - epochs else not any(same)

    def test_everything_trains_in_the_end(self) -> None:
        model = flat()
        before = snapshot(model)
        reference.fine_tune(model, make_batches(), 3, 0.01, 2.6)
        after = snapshot(model)
        assert not any(torch.equal(before[name], after[name]) for name in before)
        assert all(p.requires_grad for p in model.parameters())
        assert model.training
        assert model[1].training

    def test_is_adam_written_out(self) -> None:
        """Two epochs by hand: first the head alone, then two groups with one optimizer, each at its rate."""
        model, twin, batches = flat(), flat(), make_batches(2)
        twin.load_state_dict(model.state_dict())
        losses = reference.fine_tune(model, batches, 2, 0.01, 2.0)
        moments: dict[Any, Any] = {}
        expected = []
        for thawed in ([(twin[8], 0.01)], [(twin[3], 0.005), (twin[4], 0.005), (twin[8], 0.01)]):
            twin.train()
            for norm in (twin[1], twin[4]):
                norm.train(any(norm is module for module, _ in thawed))
            total = 0.0
            for X, labels in batches:
                loss = nn.functional.cross_entropy(twin(X), labels)
                total += loss.item() / len(batches)
                rates = [(p, rate) for module, rate in thawed for p in module.parameters()]
                gradients = torch.autograd.grad(loss, [p for p, _ in rates])
                for (p, rate), g in zip(rates, gradients, strict=True):
                    v, s, t = moments.get(p, (0, 0, 0))
                    v, s, t = 0.9 * v + 0.1 * g, 0.999 * s + 0.001 * g * g, t + 1
                    moments[p] = v, s, t
                    p.data -= rate * (v / (1 - 0.9**t)) / ((s / (1 - 0.999**t)).sqrt() + 1e-8)
            expected.append(total)
        assert losses == pytest.approx(expected, rel=1e-5)
        for ours, theirs in zip(model.parameters(), twin.parameters(), strict=True):
            # Where a gradient is all round-off (the biases before a batch norm) Adam makes full steps of it.
            if ours is not model[3].bias:
                torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-5)

    def test_learns(self) -> None:
        losses = reference.fine_tune(flat(), make_batches(6), 8, 0.02, 2.0)
        assert len(losses) == 8
        assert all(type(loss) is float for loss in losses)
        assert losses[-1] < 0.7 * losses[0]

    def test_mean_over_examples(self) -> None:
        """With a rate too small to move anything the loss is that of the data, each example counting once."""
        model = nn.Sequential(nn.Linear(2, 4), nn.Linear(4, 3)).double()
        X, labels = torch.randn(9, 2, dtype=torch.float64), torch.arange(9) % 3
        batches = [(X[:7], labels[:7]), (X[7:], labels[7:])]
        whole = nn.functional.cross_entropy(model(X), labels).item()
        assert reference.fine_tune(model, batches, 1, 1e-300, 1.0) == pytest.approx([whole], rel=1e-12)

    def test_batches_may_be_an_iterator_and_stay_as_they_are(self) -> None:
        batches = make_batches()
        before = [(X.clone(), y.clone()) for X, y in batches]
        assert len(reference.fine_tune(flat(), iter(batches), 2, 0.01, 2.0)) == 2
        for (X, y), (X0, y0) in zip(batches, before, strict=True):
            assert torch.equal(X, X0)
            assert torch.equal(y, y0)

    def test_no_epochs(self) -> None:
        model = flat()
        before = snapshot(model)
        assert reference.fine_tune(model, make_batches(), 0, 0.1, 2.0) == []
        assert unchanged(before, model)


class TestContract:
    def test_names(self) -> None:
        expected = {
            "replace_head": ["model", "classes"],
            "layer_groups": ["model"],
            "freeze_to": ["model", "group"],
            "discriminative_parameter_groups": ["model", "lr_head", "factor"],
            "gradual_unfreezing": ["epoch", "groups"],
            "fine_tune": ["model", "batches", "epochs", "lr_head", "factor"],
        }
        assert reference.__all__ == list(expected)
        for name, parameters in expected.items():
            assert list(inspect.signature(getattr(reference, name)).parameters) == parameters

    def test_refuses(self) -> None:
        model, batches, headless = flat(), make_batches(), nn.Sequential(nn.Conv2d(1, 2, 3))
        X, labels = batches[0]
        bad: list[tuple[str, Callable[[], Any]]] = [
            ("model", lambda: reference.replace_head(headless, 3)),
            ("model", lambda: reference.layer_groups(headless)),
            ("classes", lambda: reference.replace_head(model, 0)),
            ("group", lambda: reference.freeze_to(model, -1)),
            ("group", lambda: reference.freeze_to(model, 4)),
            ("group", lambda: reference.freeze_to(model, 1.5)),  # type: ignore[arg-type]
            ("lr_head", lambda: reference.discriminative_parameter_groups(model, 0.0, 2)),
            ("factor", lambda: reference.discriminative_parameter_groups(model, 0.1, -2)),
            ("epoch", lambda: reference.gradual_unfreezing(-1, 3)),
            ("groups", lambda: reference.gradual_unfreezing(0, 0)),
            ("batches", lambda: reference.fine_tune(model, [], 1, 0.1, 2)),
            ("labels", lambda: reference.fine_tune(model, [(X, labels[1:])], 1, 0.1, 2)),
            ("epochs", lambda: reference.fine_tune(model, batches, -1, 0.1, 2)),
        ]
        for argument, call in bad:
            with pytest.raises(ValueError, match=f"^{argument}: got"):
                call()
