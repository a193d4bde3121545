"""What goes wrong in this assignment, function by function, each with the sentence that explains it."""

import numpy as np

from grader.authoring import mistake
from reference.with_numpy import reinforcement as reference

# discounted_returns


@mistake(
    of="discounted_returns",
    says="gamma^t r_t discounts from the beginning of the episode and adds nothing up. G_t = r_t + gamma G_(t+1).",
)
def discounted_returns_of_single_rewards(rewards, gamma):
    return rewards * (gamma ** np.arange(len(rewards))).astype(rewards.dtype)


@mistake(
    of="discounted_returns",
    says="You add up the rewards of the past. A return is what is still to come: go from the end.",
)
def discounted_returns_of_the_past(rewards, gamma):
    return reference.discounted_returns(rewards[::-1], gamma)[::-1].copy()


@mistake(
    of="discounted_returns",
    says="The returns are in reversed order: the first entry is the return of the whole episode.",
)
def discounted_returns_reversed(rewards, gamma):
    return reference.discounted_returns(rewards, gamma)[::-1].copy()


@mistake(
    of="discounted_returns", says="The present reward is discounted too. Only what comes later is: r_t + gamma G_(t+1)."
)
def discounted_returns_from_the_next_step(rewards, gamma):
    return gamma * reference.discounted_returns(rewards, gamma)


@mistake(of="discounted_returns", says="gamma is missing: you add up plain rewards.")
def discounted_returns_without_gamma(rewards, gamma):
    return reference.discounted_returns(rewards, 1.0)


@mistake(of="discounted_returns", says="You normalise the returns. They are wanted as they are.")
def discounted_returns_normalised(rewards, gamma):
    G = reference.discounted_returns(rewards, gamma)
    return ((G - G.mean()) / (G.std() + 1e-8)).astype(G.dtype)


@mistake(
    of="discounted_returns",
    says="The sum starts anew at every reward that is not zero, a trick for games of points. Start at the end only.",
)
def discounted_returns_with_a_reset(rewards, gamma):
    G, running = np.zeros(len(rewards), rewards.dtype if rewards.dtype.kind == "f" else float), 0.0
    for t in reversed(range(len(rewards))):
        if rewards[t] != 0:
            running = 0.0
        running = running * gamma + rewards[t]
        G[t] = running
    return G


@mistake(
    of="discounted_returns",
    says="An array made like rewards holds whole numbers if those do, and cuts off the rest. Make it of floats.",
)
def discounted_returns_of_whole_numbers(rewards, gamma):
    return reference.discounted_returns(rewards, gamma).astype(rewards.dtype)


@mistake(
    of="discounted_returns",
    says="Dividing by gamma^t fails where it is 0, as in a long episode. Go from the end: G_t = r_t + gamma G_(t+1).",
)
def discounted_returns_by_division(rewards, gamma):
    with np.errstate(all="ignore"):
        powers = (float(gamma) ** np.arange(len(rewards))).astype(rewards.dtype)
        return np.cumsum((rewards * powers)[::-1])[::-1] / powers


@mistake(
    of="discounted_returns",
    says="You write the returns into the array of the rewards, which is the caller's. Make a new one.",
)
def discounted_returns_in_place(rewards, gamma):
    if rewards.dtype.kind != "f":
        return reference.discounted_returns(rewards, gamma)
    for t in reversed(range(len(rewards) - 1)):
        rewards[t] += gamma * rewards[t + 1]
    return rewards


@mistake(
    of="discounted_returns",
    says="np.zeros(T) is float64, and so are the returns. Make it with the dtype of the rewards.",
)
def discounted_returns_loses_float32(rewards, gamma):
    return reference.discounted_returns(rewards, gamma).astype(np.float64)


# epsilon_greedy


@mistake(of="epsilon_greedy", says="It explores with probability 1 - epsilon. Explore where rng.random() < epsilon.")
def epsilon_greedy_the_other_way(q, epsilon, rng):
    return reference.epsilon_greedy(q, 1 - epsilon, rng)


@mistake(of="epsilon_greedy", says="It never explores: epsilon is not used.")
def epsilon_greedy_without_exploring(q, epsilon, rng):
    return int(np.argmax(q))


@mistake(
    of="epsilon_greedy", says="An explorer may take any action, the best one included. You leave the best one out."
)
def epsilon_greedy_without_the_best(q, epsilon, rng):
    best = int(np.argmax(q))
    if rng.random() < epsilon and len(q) > 1:
        return int(rng.choice(np.delete(np.arange(len(q)), best)))
    return best


@mistake(
    of="epsilon_greedy", says="The last action is never explored: rng.integers(n) leaves out n itself, so n is len(q)."
)
def epsilon_greedy_without_the_last(q, epsilon, rng):
    if rng.random() < epsilon:
        return int(rng.integers(max(1, len(q) - 1)))
    return int(np.argmax(q))


@mistake(of="epsilon_greedy", says="The first action is never explored: actions count from 0.")
def epsilon_greedy_without_the_first(q, epsilon, rng):
    if rng.random() < epsilon:
        return int(rng.integers(1, max(2, len(q))))
    return int(np.argmax(q))


@mistake(of="epsilon_greedy", says="Of several best actions you take the last. Take the first, as np.argmax does.")
def epsilon_greedy_of_the_last_best(q, epsilon, rng):
    if rng.random() < epsilon:
        return int(rng.integers(len(q)))
    return int(len(q) - 1 - np.argmax(q[::-1]))


@mistake(of="epsilon_greedy", says="Of several best actions you draw one. Take the first.")
def epsilon_greedy_of_a_drawn_best(q, epsilon, rng):
    if rng.random() < epsilon:
        return int(rng.integers(len(q)))
    return int(rng.choice(np.flatnonzero(q == q.max())))


@mistake(of="epsilon_greedy", says="You return the value of the action. Return its number: argmax, not max.")
def epsilon_greedy_returns_the_value(q, epsilon, rng):
    return float(q[reference.epsilon_greedy(q, epsilon, rng)])


@mistake(of="epsilon_greedy", says="You take the worst action: argmax, not argmin.")
def epsilon_greedy_of_the_worst(q, epsilon, rng):
    return reference.epsilon_greedy(-q, epsilon, rng)


@mistake(of="epsilon_greedy", says="You draw from a global generator. Draw from the argument rng alone.")
def epsilon_greedy_from_the_global_generator(q, epsilon, rng):
    if np.random.rand() < epsilon:  # noqa: NPY002
        return int(np.random.randint(len(q)))  # noqa: NPY002
    return int(np.argmax(q))


# q_learning_update


@mistake(of="q_learning_update", says="At the end of an episode nothing follows: where done, the target is r alone.")
def q_learning_update_ignores_the_end(Q, s, a, r, s_next, done, alpha, gamma):
    return reference.q_learning_update(Q, s, a, r, s_next, False, alpha, gamma)


@mistake(
    of="q_learning_update",
    says="At the end of an episode you leave the table as it is. The last reward counts too: the target is r.",
)
def q_learning_update_skips_the_end(Q, s, a, r, s_next, done, alpha, gamma):
    return Q.copy() if done else reference.q_learning_update(Q, s, a, r, s_next, done, alpha, gamma)


@mistake(
    of="q_learning_update",
    says="You use the value of the same action in s_next. Q-learning takes the best one there: max over b.",
)
def q_learning_update_of_the_same_action(Q, s, a, r, s_next, done, alpha, gamma):
    new = Q.copy()
    target = r if done else r + gamma * Q[s_next, a]
    new[s, a] += alpha * (target - Q[s, a])
    return new


@mistake(
    of="q_learning_update",
    says="You take the best of the whole table. It is the best action in s_next: Q[s_next].max().",
)
def q_learning_update_of_the_whole_table(Q, s, a, r, s_next, done, alpha, gamma):
    new = Q.copy()
    target = r if done else r + gamma * Q.max()
    new[s, a] += alpha * (target - Q[s, a])
    return new


@mistake(of="q_learning_update", says="You look for the best action in s. It is in s_next.")
def q_learning_update_of_the_same_state(Q, s, a, r, s_next, done, alpha, gamma):
    return reference.q_learning_update(Q, s, a, r, s, done, alpha, gamma)


@mistake(
    of="q_learning_update",
    says="You add alpha times the target. The step goes from the old value towards it: target - Q[s, a].",
)
def q_learning_update_without_the_old_value(Q, s, a, r, s_next, done, alpha, gamma):
    new = Q.copy()
    new[s, a] += alpha * (r if done else r + gamma * Q[s_next].max())
    return new


@mistake(of="q_learning_update", says="The entry becomes the target at once. alpha says how far it goes.")
def q_learning_update_without_alpha(Q, s, a, r, s_next, done, alpha, gamma):
    return reference.q_learning_update(Q, s, a, r, s_next, done, 1.0, gamma)


@mistake(of="q_learning_update", says="alpha and 1 - alpha are in each other's place.")
def q_learning_update_with_the_other_share(Q, s, a, r, s_next, done, alpha, gamma):
    return reference.q_learning_update(Q, s, a, r, s_next, done, 1 - alpha, gamma)


@mistake(of="q_learning_update", says="gamma multiplies the reward too. Only the future is discounted.")
def q_learning_update_discounts_the_reward(Q, s, a, r, s_next, done, alpha, gamma):
    return reference.q_learning_update(Q, s, a, gamma * r, s_next, done, alpha, gamma)


@mistake(of="q_learning_update", says="gamma is missing: the future counts as much as the present.")
def q_learning_update_without_gamma(Q, s, a, r, s_next, done, alpha, gamma):
    return reference.q_learning_update(Q, s, a, r, s_next, done, alpha, 1.0)


@mistake(of="q_learning_update", says="The best of several negative values is negative. You start the maximum at 0.")
def q_learning_update_of_at_least_zero(Q, s, a, r, s_next, done, alpha, gamma):
    new = Q.copy()
    target = r if done else r + gamma * max(0.0, *Q[s_next])
    new[s, a] += alpha * (target - Q[s, a])
    return new


@mistake(of="q_learning_update", says="You return the new entry. Return the whole table.")
def q_learning_update_returns_the_entry(Q, s, a, r, s_next, done, alpha, gamma):
    return float(reference.q_learning_update(Q, s, a, r, s_next, done, alpha, gamma)[s, a])


@mistake(of="q_learning_update", says="`Q[s, a] += ...` changes the table of the caller. Copy it first.")
def q_learning_update_in_place(Q, s, a, r, s_next, done, alpha, gamma):
    target = r if done else r + gamma * Q[s_next].max()
    Q[s, a] += alpha * (target - Q[s, a])
    return Q


# value_iteration


def swept(P, R, gamma, sweeps):
    """V after a number of sweeps."""
    V = np.zeros(len(R))
    for _ in range(sweeps):
        V = (R + gamma * P @ V).max(axis=1)
    return V


@mistake(of="value_iteration", says="A single sweep is not enough: repeat until no value changes by tolerance or more.")
def value_iteration_of_one_sweep(P, R, gamma, tolerance=1e-8):
    V = swept(P, R, gamma, 1)
    return V, (R + gamma * P @ V).argmax(axis=1)


@mistake(
    of="value_iteration",
    says="Twenty sweeps are enough for a small gamma only. Repeat until no value changes by tolerance or more.",
)
def value_iteration_of_twenty_sweeps(P, R, gamma, tolerance=1e-8):
    V = swept(P, R, gamma, 20)
    return V, (R + gamma * P @ V).argmax(axis=1)


@mistake(of="value_iteration", says="500 sweeps are too few where gamma is close to 1. Sweep until nothing changes.")
def value_iteration_of_at_most_500_sweeps(P, R, gamma, tolerance=1e-8):
    V = np.zeros(len(R))
    for _ in range(500):
        best = (R + gamma * P @ V).max(axis=1)
        change, V = np.abs(best - V).max(), best
        if change < tolerance:
            break
    return V, (R + gamma * P @ V).argmax(axis=1)


@mistake(of="value_iteration", says="V is the one from before the last sweep: take over the new values, then stop.")
def value_iteration_without_the_last_sweep(P, R, gamma, tolerance=1e-8):
    V = np.zeros(len(R))
    while True:
        best = (R + gamma * P @ V).max(axis=1)
        if np.abs(best - V).max() < tolerance:
            return V, (R + gamma * P @ V).argmax(axis=1)
        V = best


@mistake(of="value_iteration", says="tolerance is not used: you always stop at 1e-8.")
def value_iteration_ignores_tolerance(P, R, gamma, tolerance=1e-8):
    return reference.value_iteration(P, R, gamma)


@mistake(
    of="value_iteration",
    says="You stop when the changes add up to little, but changes of both signs cancel. Look at the largest |change|.",
)
def value_iteration_stops_on_the_sum(P, R, gamma, tolerance=1e-8):
    V = np.zeros(len(R))
    while True:
        best = (R + gamma * P @ V).max(axis=1)
        change, V = abs(float(np.sum(best - V))), best
        if change < tolerance:
            return V, (R + gamma * P @ V).argmax(axis=1)


@mistake(
    of="value_iteration",
    says="You stop as soon as one value has settled. All have to: the largest |change|, not the smallest.",
)
def value_iteration_stops_on_the_smallest(P, R, gamma, tolerance=1e-8):
    V = np.zeros(len(R))
    while True:
        best = (R + gamma * P @ V).max(axis=1)
        change, V = np.abs(best - V).min(), best
        if change < tolerance:
            return V, (R + gamma * P @ V).argmax(axis=1)


@mistake(
    of="value_iteration",
    says="You stop where max(V_new - V) is small. Falling values change too: take the largest |V_new - V|.",
)
def value_iteration_stops_when_nothing_rises(P, R, gamma, tolerance=1e-8):
    V = np.zeros(len(R))
    while True:
        best = (R + gamma * P @ V).max(axis=1)
        change, V = np.max(best - V), best
        if change < tolerance:
            return V, (R + gamma * P @ V).argmax(axis=1)


@mistake(of="value_iteration", says="You take the mean over the actions. The best one counts: max.")
def value_iteration_of_a_random_policy(P, R, gamma, tolerance=1e-8):
    V = np.zeros(len(R))
    for _ in range(600):
        V = (R + gamma * P @ V).mean(axis=1)
    return V, (R + gamma * P @ V).argmax(axis=1)


@mistake(of="value_iteration", says="The maximum is over the actions, axis 1. You take it over the states.")
def value_iteration_over_states(P, R, gamma, tolerance=1e-8):
    states = len(R)
    V = np.zeros(states)
    for _ in range(600):
        V = np.resize((R + gamma * P @ V).max(axis=0), states)
    return V, (R + gamma * P @ V).argmax(axis=1)


@mistake(of="value_iteration", says="gamma is missing in the policy: the best action is the one for R + gamma P V.")
def value_iteration_with_a_policy_without_gamma(P, R, gamma, tolerance=1e-8):
    V, _ = reference.value_iteration(P, R, gamma, tolerance)
    return V, (R + P @ V).argmax(axis=1)


@mistake(
    of="value_iteration", says="The policy looks at the rewards alone. The best action is the one for R + gamma P V."
)
def value_iteration_with_a_policy_without_a_future(P, R, gamma, tolerance=1e-8):
    V, _ = reference.value_iteration(P, R, gamma, tolerance)
    return V, R.argmax(axis=1)


@mistake(of="value_iteration", says="Of several best actions you take the last. Take the first, as argmax does.")
def value_iteration_of_the_last_best(P, R, gamma, tolerance=1e-8):
    V, _ = reference.value_iteration(P, R, gamma, tolerance)
    values = (R + gamma * P @ V)[:, ::-1]
    return V, R.shape[1] - 1 - values.argmax(axis=1)


@mistake(of="value_iteration", says="P[s, a, u] leads from s to u. You sum over the first index instead of the last.")
def value_iteration_with_arrows_reversed(P, R, gamma, tolerance=1e-8):
    V = np.zeros(len(R))
    for _ in range(300):
        V = (R + gamma * np.einsum("uas,u->sa", P, V)).max(axis=1)
    return V, (R + gamma * P @ V).argmax(axis=1)


@mistake(of="value_iteration", says="gamma multiplies the reward too. Only the future is discounted.")
def value_iteration_discounts_the_reward(P, R, gamma, tolerance=1e-8):
    V, policy = reference.value_iteration(P, R, gamma, tolerance)
    return gamma * V, policy


@mistake(of="value_iteration", says="You return the values of the actions, (S, A). V is the best of each state, (S,).")
def value_iteration_returns_action_values(P, R, gamma, tolerance=1e-8):
    V, policy = reference.value_iteration(P, R, gamma, tolerance)
    return R + gamma * P @ V, policy


@mistake(of="value_iteration", says="The order is (V, policy).")
def value_iteration_swapped(P, R, gamma, tolerance=1e-8):
    V, policy = reference.value_iteration(P, R, gamma, tolerance)
    return policy, V


@mistake(of="value_iteration", says="`R += ...` writes into the rewards of the caller. Make a new array in each sweep.")
def value_iteration_in_place(P, R, gamma, tolerance=1e-8):
    V, policy = reference.value_iteration(P, R, gamma, tolerance)
    if R.flags.writeable:
        R += gamma * P @ V
    return V, policy


# policy_gradient


@mistake(of="policy_gradient", says="You sum over time. The direction is the mean.")
def policy_gradient_sum(log_prob_grads, returns, baseline=0):
    return len(returns) * reference.policy_gradient(log_prob_grads, returns, baseline)


@mistake(
    of="policy_gradient",
    says="This is the gradient of a loss, to be subtracted. The direction of ascent has the other sign.",
)
def policy_gradient_of_descent(log_prob_grads, returns, baseline=0):
    return -reference.policy_gradient(log_prob_grads, returns, baseline)


@mistake(of="policy_gradient", says="The baseline is not used: G - baseline.")
def policy_gradient_without_the_baseline(log_prob_grads, returns, baseline=0):
    return reference.policy_gradient(log_prob_grads, returns)


@mistake(of="policy_gradient", says="The baseline is added. Subtract it: G - baseline.")
def policy_gradient_adds_the_baseline(log_prob_grads, returns, baseline=0):
    return reference.policy_gradient(log_prob_grads, returns, -baseline)


@mistake(of="policy_gradient", says="The baseline is given. You subtract the mean of the returns instead.")
def policy_gradient_with_the_mean_as_baseline(log_prob_grads, returns, baseline=0):
    return reference.policy_gradient(log_prob_grads, returns, float(np.mean(returns)))


@mistake(of="policy_gradient", says="The mean of the gradients times the mean return is not the mean of the products.")
def policy_gradient_of_two_means(log_prob_grads, returns, baseline=0):
    return log_prob_grads.mean(axis=0) * np.mean(returns - baseline, dtype=returns.dtype)


@mistake(
    of="policy_gradient", says="Every step counts with the return of the whole episode. Each has its own: returns[t]."
)
def policy_gradient_of_the_first_return(log_prob_grads, returns, baseline=0):
    return reference.policy_gradient(log_prob_grads, np.full_like(returns, returns[0]), baseline)


@mistake(of="policy_gradient", says="The mean over the parameters is taken too. Take it over time only: axis=0.")
def policy_gradient_of_everything(log_prob_grads, returns, baseline=0):
    return float(np.mean(reference.policy_gradient(log_prob_grads, returns, baseline)))


@mistake(of="policy_gradient", says="The baseline may be one number for each step. You use the first for all.")
def policy_gradient_with_one_baseline(log_prob_grads, returns, baseline=0):
    return reference.policy_gradient(log_prob_grads, returns, float(np.ravel(baseline)[0]))


@mistake(
    of="policy_gradient", says="`returns -= baseline` changes the array of the caller. Write `returns - baseline`."
)
def policy_gradient_in_place(log_prob_grads, returns, baseline=0):
    returns -= baseline
    return reference.policy_gradient(log_prob_grads, returns)


@mistake(
    of="policy_gradient", says="np.zeros(shape) is float64, and so is the sum. Make it with the dtype of the gradients."
)
def policy_gradient_loses_float32(log_prob_grads, returns, baseline=0):
    return np.zeros(log_prob_grads.shape[1:]) + reference.policy_gradient(log_prob_grads, returns, baseline)


# train_q_learning


def played(step, states, actions, episodes, alpha, gamma, act, update=reference.q_learning_update):
    """Q-learning with another way to act or to learn."""
    Q = np.zeros((states, actions))
    for _ in range(episodes):
        s, done = 0, False
        while not done:
            a = act(Q, s)
            s_next, r, done = step(s, a)
            Q = update(Q, s, a, r, s_next, done, alpha, gamma)
            s = s_next
    return Q


@mistake(of="train_q_learning", says="It never explores: epsilon is not used.")
def train_q_learning_without_exploring(step, states, actions, episodes, alpha, gamma, epsilon, rng):
    return reference.train_q_learning(step, states, actions, episodes, alpha, gamma, 0.0, rng)


@mistake(of="train_q_learning", says="epsilon shrinks from one episode to the next. It stays what it is.")
def train_q_learning_explores_less_and_less(step, states, actions, episodes, alpha, gamma, epsilon, rng):
    def update(Q, s, a, r, s_next, done, alpha, gamma):
        nonlocal epsilon
        epsilon *= 0.99 if done else 1.0
        return reference.q_learning_update(Q, s, a, r, s_next, done, alpha, gamma)

    return played(
        step, states, actions, episodes, alpha, gamma, lambda Q, s: reference.epsilon_greedy(Q[s], epsilon, rng), update
    )


@mistake(of="train_q_learning", says="An episode is cut off after 100 steps. It runs until done.")
def train_q_learning_of_short_episodes(step, states, actions, episodes, alpha, gamma, epsilon, rng):
    Q = np.zeros((states, actions))
    for _ in range(episodes):
        s = 0
        for _ in range(100):
            a = reference.epsilon_greedy(Q[s], epsilon, rng)
            s_next, r, done = step(s, a)
            Q = reference.q_learning_update(Q, s, a, r, s_next, done, alpha, gamma)
            s = s_next
            if done:
                break
    return Q


@mistake(
    of="train_q_learning", says="It only explores: with epsilon = 0 the best action of the present table is taken."
)
def train_q_learning_at_random(step, states, actions, episodes, alpha, gamma, epsilon, rng):
    return played(step, states, actions, episodes, alpha, gamma, lambda Q, s: int(rng.integers(actions)))


@mistake(of="train_q_learning", says="The end of an episode is not told to the update: pass done on.")
def train_q_learning_without_the_end(step, states, actions, episodes, alpha, gamma, epsilon, rng):
    def update(Q, s, a, r, s_next, done, alpha, gamma):
        return reference.q_learning_update(Q, s, a, r, s_next, False, alpha, gamma)

    return played(
        step, states, actions, episodes, alpha, gamma, lambda Q, s: reference.epsilon_greedy(Q[s], epsilon, rng), update
    )


@mistake(
    of="train_q_learning",
    says="The last step of an episode is not learnt from. Update first, then see whether it is over.",
)
def train_q_learning_without_the_last_step(step, states, actions, episodes, alpha, gamma, epsilon, rng):
    def update(Q, s, a, r, s_next, done, alpha, gamma):
        return Q if done else reference.q_learning_update(Q, s, a, r, s_next, done, alpha, gamma)

    return played(
        step, states, actions, episodes, alpha, gamma, lambda Q, s: reference.epsilon_greedy(Q[s], epsilon, rng), update
    )


@mistake(
    of="train_q_learning", says="Only one episode is played. There are `episodes` of them, and each starts in state 0."
)
def train_q_learning_of_one_episode(step, states, actions, episodes, alpha, gamma, epsilon, rng):
    return reference.train_q_learning(step, states, actions, min(1, episodes), alpha, gamma, epsilon, rng)


@mistake(of="train_q_learning", says="Q starts from ones. It starts from zeros: hopes change what is tried.")
def train_q_learning_from_ones(step, states, actions, episodes, alpha, gamma, epsilon, rng):
    Q = np.ones((states, actions))
    for _ in range(episodes):
        s, done = 0, False
        while not done:
            a = reference.epsilon_greedy(Q[s], epsilon, rng)
            s_next, r, done = step(s, a)
            Q = reference.q_learning_update(Q, s, a, r, s_next, done, alpha, gamma)
            s = s_next
    return Q


@mistake(
    of="train_q_learning",
    says="This is SARSA: the target has the action that is played next. Q-learning takes the best one.",
)
def train_q_learning_on_policy(step, states, actions, episodes, alpha, gamma, epsilon, rng):
    Q = np.zeros((states, actions))
    for _ in range(episodes):
        s, done = 0, False
        a = reference.epsilon_greedy(Q[s], epsilon, rng)
        while not done:
            s_next, r, done = step(s, a)
            a_next = reference.epsilon_greedy(Q[s_next], epsilon, rng)
            Q[s, a] += alpha * (r + (0 if done else gamma * Q[s_next, a_next]) - Q[s, a])
            s, a = s_next, a_next
    return Q


@mistake(of="train_q_learning", says="alpha and gamma are in each other's place.")
def train_q_learning_with_swapped_rates(step, states, actions, episodes, alpha, gamma, epsilon, rng):
    return reference.train_q_learning(step, states, actions, episodes, gamma, alpha, epsilon, rng)


@mistake(of="train_q_learning", says="You act by the table as it was when the episode began. Act by the present one.")
def train_q_learning_by_the_old_table(step, states, actions, episodes, alpha, gamma, epsilon, rng):
    Q = np.zeros((states, actions))
    for _ in range(episodes):
        s, done, old = 0, False, Q
        for _ in range(1000):
            a = reference.epsilon_greedy(old[s], epsilon, rng)
            s_next, r, done = step(s, a)
            Q = reference.q_learning_update(Q, s, a, r, s_next, done, alpha, gamma)
            s = s_next
            if done:
                break
    return Q


@mistake(of="train_q_learning", says="The table has its axes in the wrong order: it is (states, actions).")
def train_q_learning_transposed(step, states, actions, episodes, alpha, gamma, epsilon, rng):
    Q = reference.train_q_learning(step, states, actions, episodes, alpha, gamma, epsilon, rng)
    return np.ascontiguousarray(Q.T)


@mistake(
    of="train_q_learning",
    says="A generator of the same state gives another result each time. Draw from the argument rng alone, and keep "
    "nothing from one call to the next.",
)
def train_q_learning_with_its_own_generator(step, states, actions, episodes, alpha, gamma, epsilon, rng):
    own = np.random.default_rng()
    return reference.train_q_learning(step, states, actions, episodes, alpha, gamma, epsilon, own)


@mistake(of="train_q_learning", says="You seed a generator of your own: every training is the same. Draw from rng.")
def train_q_learning_with_its_own_seed(step, states, actions, episodes, alpha, gamma, epsilon, rng):
    return reference.train_q_learning(step, states, actions, episodes, alpha, gamma, epsilon, np.random.default_rng(0))
