"""The zone of times that a page shows without one."""

# Wherever Chinese is written, from Singapore to Taipei, the clocks agree; Japanese and Korean have one zone each.
# English or Spanish say nothing.
_ZONES = {"zh": "Asia/Shanghai", "ja": "Asia/Tokyo", "ko": "Asia/Seoul"}


def home_zone(language: str | None) -> str | None:
    """IANA name of the zone in which all readers of a language live; None where there is no such zone.

    `language` is a BCP 47 tag.
    """
    return _ZONES.get((language or "").partition("-")[0])
