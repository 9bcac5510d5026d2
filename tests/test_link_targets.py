import pytest

from crawler.extractors.lists.link_targets import read_target


@pytest.mark.parametrize(
    ("path", "offer"),
    [
        pytest.param("/events/webinar/how-ports-count-their-crates", True, id="event"),
        pytest.param("/products/whitepaper/how-ports-count-their-crates", True, id="whitepaper"),
        pytest.param("/news/notice/11333554", True, id="notice-of-the-publisher"),
        pytest.param("/sponsored-content/2026/03/tea-that-wakes-you", True, id="two-words-of-advertising"),
        pytest.param("/product-reviews/2026/03/a-crane-tried", False, id="one-word-of-two"),
        pytest.param("/national/cranes-dance-at-global-events-in-port/c2e944e5", False, id="headline-before-a-number"),
        pytest.param("/2026/03/port-opens-shop-for-sponsored-events", False, id="headline"),
        pytest.param("/polls/2026/03/who-leads-in-the-port", False, id="section-of-a-newspaper"),
    ],
)
def test_an_offer_is_told_by_the_folder_it_stands_in(path: str, offer: bool) -> None:
    assert read_target(path, "").offer is offer
