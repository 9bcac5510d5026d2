import numpy as np

from crawler.extractors.body.body_model import SecondNetwork
from crawler.training.second_network import SecondSample, train_second


def test_a_second_network_learns_what_the_first_miss() -> None:
    random = np.random.default_rng(3)
    context = random.standard_normal((60_000, 4)).astype(np.float32)
    body = (context[:, 2] + context[:, 3] > 0).astype(np.float32)
    sample = SecondSample(context=context, body=body, weight=np.ones(60_000, dtype=np.float32))

    network = SecondNetwork(**train_second([sample]))

    likely = network.scores(context)
    assert ((likely > 0.5) == (body > 0.5)).mean() > 0.9


def test_the_same_samples_make_the_same_second_network() -> None:
    random = np.random.default_rng(4)
    sample = SecondSample(
        context=random.standard_normal((50, 3)).astype(np.float32),
        body=np.ones(50, dtype=np.float32),
        weight=np.ones(50, dtype=np.float32),
    )

    first, second = train_second([sample]), train_second([sample])

    assert all((first[name] == second[name]).all() for name in first)
