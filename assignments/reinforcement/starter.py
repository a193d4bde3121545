"""Reinforcement learning. The handout says what each function does; `grader check reinforcement` grades this file."""

import numpy as np


def discounted_returns(rewards, gamma):
    """What is still to come, at every step of an episode.

    rewards : (T,), rewards[t] for the action at step t, to the end of the episode.  gamma : the discount, in [0, 1].
    Returns (T,); the first entry is the return of the whole episode, the last one the last reward.

        G_t = r_t + gamma r_{t+1} + gamma^2 r_{t+2} + ... = r_t + gamma G_{t+1}, with G_T = 0

    Source: Sutton, Barto (2018), Reinforcement Learning, 2nd edition, equations 3.8 and 3.9.
    """
    raise NotImplementedError


def epsilon_greedy(q, epsilon, rng):
    """Mostly the best action, now and then any.

    q : (A,), the value of each action.  epsilon : the share of exploring steps, in [0, 1].
    rng : draws one uniform number; if that is below epsilon, also the action, uniform over all A including the best.
    Returns the action, an int from 0 to A - 1. Of equal best actions the first is taken.

        P(a) = epsilon / A, and 1 - epsilon more for the best action

    Source: Sutton, Barto (2018), sections 2.2 and 5.4.
    """
    raise NotImplementedError


def q_learning_update(Q, s, a, r, s_next, done, alpha, gamma):
    """The table after one step was seen; only its entry (s, a) changes.

    Q : (S, A).  s, a : the state and the action taken in it.  r : the reward.  s_next : the state that followed.
    done : whether the episode ended there; then nothing of s_next counts.  alpha : the step size, in [0, 1].
    gamma : the discount, in [0, 1].  Returns a new (S, A) table; Q stays as it is.

        target = r if done, else r + gamma max_b Q[s_next, b]        Q[s, a] <- Q[s, a] + alpha (target - Q[s, a])

    Source: Watkins, Dayan (1992), Q-learning; Sutton, Barto (2018), equation 6.8.
    """
    raise NotImplementedError


def value_iteration(P, R, gamma, tolerance=1e-08):
    """The value of every state under the best policy, and that policy, of a known problem.

    P : (S, A, S), P[s, a, u] the probability to get from s to u by a; each P[s, a] sums to 1.
    R : (S, A), the expected reward of a in s.  gamma : the discount, in [0, 1).  tolerance : above 0.
    Starts from V = 0 and sweeps over all states at once until no value changes by as much as tolerance; V is then
    within tolerance gamma / (1 - gamma) of the optimum. A terminal state is one that leads to itself without reward.
    Returns (V of shape (S,), policy of shape (S,), ints: the first of the actions that are best for V).

        V[s] <- max_a ( R[s, a] + gamma sum_u P[s, a, u] V[u] )

    Source: Sutton, Barto (2018), section 4.4; Puterman (1994), Markov Decision Processes, section 6.3.
    """
    raise NotImplementedError


def policy_gradient(log_prob_grads, returns, baseline=0):
    """The direction in which the policy's parameters earn more, from one episode.

    log_prob_grads : (T, ...), at index t the gradient of log pi(a_t | s_t) with respect to parameters of any shape.
    returns : (T,), G_t from each step on.  baseline : one number, or (T,), one a step, subtracted from the returns.
    Returns an array like the parameters: the mean over time, not the sum, to be added to them (ascent), with no further
    discount by gamma^t.

        (1/T) sum_t (G_t - baseline_t) grad log pi(a_t | s_t)

    Source: Williams (1992), REINFORCE; Sutton, Barto (2018), sections 13.3 and 13.4.
    """
    raise NotImplementedError


def train_q_learning(step, states, actions, episodes, alpha, gamma, epsilon, rng):
    """Learn the values of all actions by playing.

    step : step(s, a) -> (s_next, reward, done).  states, actions : how many of each.  episodes : each starts in state 0
    and runs until done, so every one must end.  alpha, gamma : as in q_learning_update.  epsilon, rng : as in
    epsilon_greedy, which picks every action, from the table as it then stands; nothing else is drawn.
    Returns Q of shape (states, actions), float64, which starts from zeros and is updated after every step.

    Source: Sutton, Barto (2018), section 6.5.
    """
    raise NotImplementedError
