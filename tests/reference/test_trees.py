"""The two trees as a whole: the names, the signatures and the documentation of the curriculum, and who imports whom."""

import ast
import importlib
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "reference").rglob("*.py"))

# Every algorithm of the curriculum, by topic, in its order. `rng` is called `generator` in PyTorch.
CURRICULUM = {
    "neuron": """
        sigmoid(z)
        forward(X, w, b)
        cost(A, Y)
        gradients(X, Y, w, b)
        fit(X, Y, learning_rate, steps)
        predict(X, w, b)
        xor_parameters()""",
    "activations": """
        sigmoid(z)
        tanh(z)
        relu(z)
        leaky_relu(z, alpha=0.01)
        gelu(z)
        gelu_tanh(z)
        softmax(z)
        sigmoid_backward(dA, Z)
        tanh_backward(dA, Z)
        relu_backward(dA, Z)
        leaky_relu_backward(dA, Z, alpha=0.01)
        gelu_backward(dA, Z)
        softmax_backward(dA, Z)
        dead_units(A)""",
    "forward": """
        linear_forward(A_prev, W, b)
        forward_propagation(X, parameters)
        predict(X, parameters)""",
    "backprop": """
        compute_cost(AL, Y)
        linear_backward(dZ, A_prev, W)
        backward_propagation(Y, cache, parameters)
        numerical_gradient(f, x, epsilon=1e-5)
        relative_error(a, b)
        update_parameters(parameters, gradients, learning_rate)
        train(X, Y, layer_dims, learning_rate, steps, rng)""",
    "losses": """
        one_hot(labels, classes)
        binary_cross_entropy(A, Y)
        binary_cross_entropy_with_logits(Z, Y)
        cross_entropy(P, Y)
        softmax_cross_entropy(Z, Y)
        mean_squared_error(A, Y)""",
    "initialization": """
        initialize_zeros(layer_dims)
        initialize_random(layer_dims, scale, rng)
        initialize_xavier(layer_dims, rng)
        initialize_xavier_uniform(layer_dims, rng)
        initialize_glorot(layer_dims, rng)
        initialize_he(layer_dims, rng)
        activation_std(X, parameters, activation)
        hidden_units_identical(parameters)""",
    "optimizers": """
        random_mini_batches(X, Y, batch_size, rng)
        ewma(values, beta, bias_correction=False)
        gradient_descent(parameters, gradients, learning_rate)
        gradient_descent_with_momentum(parameters, gradients, v, learning_rate, beta=0.9)
        rmsprop(parameters, gradients, s, learning_rate, beta=0.999, epsilon=1e-8)
        adam(parameters, gradients, v, s, t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8)
        adamw(parameters, gradients, v, s, t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, """
    "weight_decay=0.01)",
    "schedules": """
        step_decay(lr0, epoch, factor, every)
        exponential_decay(lr0, t, k)
        cosine_annealing(lr_max, lr_min, t, T)
        warmup_cosine(lr_max, t, warmup, T)
        one_cycle(lr_max, t, T, pct_start=0.3, div_factor=25, final_div_factor=1e4)
        lr_finder(step, lr_min=1e-7, lr_max=10, steps=100)""",
    "regularization": """
        compute_cost_with_l2(AL, Y, parameters, lambd)
        add_l2_gradients(gradients, parameters, lambd, m)
        weight_decay_step(W, dW, learning_rate, lambd, m)
        forward_with_dropout(A_prev, keep_prob, rng)
        backward_with_dropout(dA, D, keep_prob)
        EarlyStopping(patience, min_delta=0)
        EarlyStopping.update(self, loss, parameters=None)""",
    "augmentation": """
        flip_horizontal(images, p, rng)
        random_crop(images, size, padding, rng)
        rotate90(images, k)
        rotate(images, degrees)
        color_jitter(images, brightness, contrast, rng)
        resize(images, size)
        mixup(X, Y, alpha, rng)
        progressive_sizes(start, end, epochs, multiple=32)""",
    "batch_norm": """
        batch_norm(Z, gamma, beta, epsilon=1e-8)
        batch_norm_backward(dZ_tilde, Z, gamma, epsilon=1e-8)
        update_running(running_mu, running_var, mu, var, momentum=0.9)
        batch_norm_inference(Z, gamma, beta, running_mu, running_var, epsilon=1e-8)
        batch_norm_2d(X, gamma, beta, epsilon=1e-8)""",
    "convolution": """
        output_size(n, kernel, stride=1, padding=0)
        conv2d(image, kernel, stride=1, padding=0)
        conv_forward(X, W, b, stride=1, padding=0)
        conv_backward(dout, X, W, stride=1, padding=0)
        conv1x1(X, W, b)
        parameter_count(kernel, channels_in, filters, bias=True)""",
    "pooling": """
        max_pool(X, size=2, stride=2)
        avg_pool(X, size=2, stride=2)
        global_avg_pool(X)
        max_pool_backward(dout, X, size=2, stride=2)
        avg_pool_backward(dout, X, size=2, stride=2)
        global_avg_pool_backward(dout, X)""",
    "residual": """
        residual_forward(a, W1, b1, W2, b2)
        residual_backward(dout, a, W1, b1, W2, b2)
        projection_shortcut(a, Ws)
        gradient_norms(depth, width, residual, rng)""",
    "architectures": """
        LeNet5(classes=10)
        AlexNet(classes=1000)
        VGG(depth, classes=1000)
        InceptionModule(channels_in, c1, c3_reduce, c3, c5_reduce, c5, pool_proj)
        GoogLeNet(classes=1000)
        ResNet(depth, classes=1000)
        EfficientNet(phi=0, classes=1000)
        compound_scaling(phi, alpha=1.2, beta=1.1, gamma=1.15)""",
    "transfer": """
        replace_head(model, classes)
        layer_groups(model)
        freeze_to(model, group)
        discriminative_parameter_groups(model, lr_head, factor)
        gradual_unfreezing(epoch, groups)
        fine_tune(model, batches, epochs, lr_head, factor)""",
    "rnn": """
        rnn_cell(x_t, h_prev, parameters)
        SimpleRNN(input_size, hidden_size, output_size, rng)
        SimpleRNN.forward(self, inputs, h_prev)
        rnn_forward(X, h0, parameters)
        rnn_backward(dH, X, h0, parameters)
        clip_gradients(gradients, max_norm)
        gradient_norms_through_time(Whh, T)""",
    "lstm_gru": """
        lstm_cell(x_t, h_prev, c_prev, parameters)
        lstm_forward(X, h0, c0, parameters)
        lstm_backward(dH, X, h0, c0, parameters)
        gru_cell(x_t, h_prev, parameters)
        gru_forward(X, h0, parameters)
        gru_backward(dH, X, h0, parameters)
        bidirectional(X, h0_forward, h0_backward, forward_parameters, backward_parameters)""",
    "practice": """
        split(X, Y, fractions, rng)
        diagnose(human_error, train_error, dev_error, train_dev_error=None, tolerance=0.01)
        error_analysis(tags)
        sample_log_uniform(low, high, size, rng)
        random_search(space, evaluate, budget, rng)
        grid_search(space, evaluate)""",
    "autoencoders": """
        autoencoder_forward(X, parameters)
        autoencoder_backward(X, parameters)
        corrupt(X, noise, rng)
        reparameterize(mu, log_var, eps)
        kl_divergence(mu, log_var)
        vae_loss(X, X_hat, mu, log_var, beta=1)
        vae_backward(X, X_hat, mu, log_var, beta=1)
        interpolate(z0, z1, steps)""",
    "gans": """
        discriminator_loss(real_logits, fake_logits)
        discriminator_gradients(real_logits, fake_logits)
        generator_loss(fake_logits, saturating=False)
        generator_gradient(fake_logits, saturating=False)
        optimal_discriminator(p, q)
        critic_loss(real, fake)
        wasserstein_generator_loss(fake)
        clip_weights(parameters, c)
        gradient_penalty(critic, real, fake, eps, weight=10)
        spectral_norm(W, u, iterations=1)
        fade_in(low, high, alpha)""",
    "diffusion": """
        linear_betas(T, start=1e-4, end=0.02)
        cosine_betas(T, s=0.008)
        alpha_bars(betas)
        q_sample(x0, t, eps, betas)
        predict_x0(xt, t, eps, betas)
        posterior(x0, xt, t, betas)
        p_sample(xt, t, eps_hat, betas, noise)
        ddpm_loss(eps, eps_hat)
        sample(predict, shape, betas, rng)""",
    "attention": """
        scaled_dot_product_attention(Q, K, V, mask=None)
        attention_backward(dout, Q, K, V, mask=None)
        causal_mask(T)
        multi_head_attention(X, parameters, heads, mask=None)
        positional_encoding(T, d)
        layer_norm(X, gamma, beta, epsilon=1e-5)
        layer_norm_backward(dout, X, gamma, epsilon=1e-5)
        transformer_block(X, parameters, heads, mask=None)""",
    "reinforcement": """
        discounted_returns(rewards, gamma)
        epsilon_greedy(q, epsilon, rng)
        q_learning_update(Q, s, a, r, s_next, done, alpha, gamma)
        value_iteration(P, R, gamma, tolerance=1e-8)
        policy_gradient(log_prob_grads, returns, baseline=0)
        train_q_learning(step, states, actions, episodes, alpha, gamma, epsilon, rng)""",
}
TORCH_ONLY = {"architectures", "transfer", "gans.gradient_penalty"}
# Common knowledge with no one to cite, or the convention of this curriculum.
NO_SOURCE = {
    "augmentation.color_jitter", "augmentation.flip_horizontal", "augmentation.progressive_sizes",
    "augmentation.resize", "augmentation.rotate", "augmentation.rotate90", "autoencoders.interpolate",
    "forward.predict", "initialization.initialize_random", "losses.one_hot", "neuron.predict",
    "schedules.exponential_decay", "schedules.step_decay",
}  # fmt: skip
TREES = ("numpy", "torch")


def signatures(tree: str, topic: str) -> dict[str, inspect.Signature]:
    """What the curriculum asks of one module, by name; methods as Class.method."""
    listed = {}
    for line in CURRICULUM[topic].split("\n")[1:]:
        name, arguments = line.strip().removesuffix(")").split("(")
        if tree == "numpy" and {topic, f"{topic}.{name}"} & TORCH_ONLY:
            continue
        if tree == "torch":
            arguments = re.sub(r"\brng\b", "generator", arguments)
        listed[name] = inspect.signature(eval(f"lambda {arguments}: None"))
    return listed


def module(tree: str, topic: str) -> ModuleType:
    if tree == "torch":
        pytest.importorskip("torch")
    return importlib.import_module(f"reference.with_{tree}.{topic}")


def lookup(owner: Any, dotted: str) -> Any:
    for name in dotted.split("."):
        owner = getattr(owner, name)
    return owner


def bare(signature: inspect.Signature) -> inspect.Signature:
    """A signature without its annotations."""
    empty = inspect.Parameter.empty
    parameters = [p.replace(annotation=empty) for p in signature.parameters.values()]
    return signature.replace(parameters=parameters, return_annotation=empty)


def opening(module: ModuleType, name: str) -> str:
    """The first paragraph of a docstring, in which a tensor is an array too."""
    return (inspect.getdoc(getattr(module, name)) or "").split("\n\n")[0].replace("tensor", "array")


def imports(file: Path) -> Iterator[str]:
    """The modules that a file imports, at its top or inside its functions."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file.name} imports relatively"
            yield str(node.module)


MODULES = [(tree, topic) for tree in TREES for topic in CURRICULUM if signatures(tree, topic)]
each_module = pytest.mark.parametrize(("tree", "topic"), MODULES)


@pytest.mark.parametrize("tree", TREES)
def test_the_topics_are_those_of_the_curriculum(tree):
    files = {file.stem for file in (ROOT / "reference" / f"with_{tree}").glob("*.py") if file.name[0] != "_"}
    assert files == {topic for t, topic in MODULES if t == tree}


def test_the_curriculum_has_24_topics():
    assert len(CURRICULUM) == 24


@each_module
def test_a_module_exports_the_curriculum_in_its_order_and_nothing_else(tree, topic):
    assert module(tree, topic).__all__ == [name for name in signatures(tree, topic) if "." not in name]


@each_module
def test_signatures(tree, topic):
    found = {name: bare(inspect.signature(lookup(module(tree, topic), name))) for name in signatures(tree, topic)}
    assert found == signatures(tree, topic)


@each_module
def test_docstrings_tell_every_argument_the_result_and_the_source(tree, topic):
    for name, signature in signatures(tree, topic).items():
        function = lookup(module(tree, topic), name)
        text = inspect.getdoc(function) or ""
        where = f"{tree} {topic}.{name}"
        for argument in signature.parameters:
            assert argument == "self" or re.search(rf"\b{argument}\b", text), f"{where} does not tell {argument}"
        if "." in name:
            continue
        assert inspect.isclass(function) or "eturns" in text, f"{where} does not tell what it returns"
        assert ("Source: " in text) == (f"{topic}.{name}" not in NO_SOURCE), f"{where}: source"


@pytest.mark.parametrize("topic", [topic for topic in CURRICULUM if signatures("numpy", topic)])
def test_both_trees_open_with_the_same_sentence(topic):
    for name in module("numpy", topic).__all__:
        ours, twin = (opening(module(tree, topic), name) for tree in TREES)
        assert ours == twin, name


def test_the_numpy_tree_runs_where_torch_and_scipy_are_not_installed():
    topics = [topic for tree, topic in MODULES if tree == "numpy"]
    program = f"""
import importlib, sys
sys.modules["torch"] = sys.modules["scipy"] = None   # importing either raises
for topic in {topics}:
    importlib.import_module("reference.with_numpy." + topic)
print("all", len({topics}))
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == f"all {len(topics)}\n", done.stderr


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_file_imports_its_own_framework_and_nothing_of_ours_but_the_reference(file):
    found = set(imports(file))
    packages = {name.split(".")[0] for name in found}
    assert packages <= set(sys.stdlib_module_names) | {"numpy", "torch", "reference"}
    if file.parent.name == "with_numpy":
        assert "torch" not in packages
        assert not any(name.startswith("reference.with_torch") for name in found)
    if file.parent.name == "with_torch":
        assert "numpy" not in packages
        assert not any(name.startswith("reference.with_numpy") for name in found)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_file_is_longer_than_320_lines(file):
    assert len(file.read_text("utf-8").splitlines()) <= 320
