from dataclasses import fields

import pytest
from scrapy.settings import Settings

from crawler import settings
from crawler.page_limits import USUAL
from crawler.spiders.limits import page_limits


def test_without_other_settings_the_limits_are_the_usual_ones() -> None:
    given = Settings()
    given.setmodule(settings)

    assert page_limits(given) == USUAL


@pytest.mark.parametrize("field", [field.name for field in fields(USUAL)])
def test_each_limit_is_a_setting(field: str) -> None:
    given = Settings()
    given.setmodule(settings)
    setting = field.upper() if field.startswith(("json", "sitemap")) else f"PAGE_{field.upper()}"
    given.set(setting, 7)

    assert [each.name for each in fields(USUAL) if getattr(page_limits(given), each.name) == 7] == [field]
