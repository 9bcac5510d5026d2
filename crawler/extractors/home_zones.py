"""The zone of times that a page shows without one: that of its language or of its country, where there is but one."""

# Wherever Chinese is written, from Singapore to Taipei, the clocks agree; Japanese and Korean have one zone each.
# English or Spanish say nothing.
_ZONES = {"zh": "Asia/Shanghai", "ja": "Asia/Tokyo", "ko": "Asia/Seoul"}

# Countries by the last label of their hosts. Those with several zones are left out, and so are labels that are sold
# to everybody, as "io" and "me".
_COUNTRIES = {
    "Asia/Shanghai": "cn",
    "Asia/Taipei": "tw",
    "Asia/Hong_Kong": "hk mo",
    "Asia/Tokyo": "jp",
    "Asia/Seoul": "kr",
    "Asia/Singapore": "sg",
    "Asia/Kuala_Lumpur": "my",
    "Asia/Manila": "ph",
    "Asia/Bangkok": "th",
    "Asia/Ho_Chi_Minh": "vn",
    "Asia/Kolkata": "in",
    "Asia/Karachi": "pk",
    "Asia/Dhaka": "bd",
    "Asia/Colombo": "lk",
    "Asia/Kathmandu": "np",
    "Asia/Tehran": "ir",
    "Asia/Riyadh": "sa",
    "Asia/Dubai": "ae",
    "Asia/Jerusalem": "il",
    "Asia/Beirut": "lb",
    "Europe/Istanbul": "tr",
    "Europe/Berlin": "de",
    "Europe/Vienna": "at",
    "Europe/Zurich": "ch li",
    "Europe/Paris": "fr",
    "Europe/Rome": "it",
    "Europe/Amsterdam": "nl",
    "Europe/Brussels": "be",
    "Europe/Luxembourg": "lu",
    "Europe/London": "uk",
    "Europe/Dublin": "ie",
    "Europe/Stockholm": "se",
    "Europe/Oslo": "no",
    "Europe/Copenhagen": "dk",
    "Europe/Helsinki": "fi",
    "Atlantic/Reykjavik": "is",
    "Europe/Warsaw": "pl",
    "Europe/Prague": "cz",
    "Europe/Bratislava": "sk",
    "Europe/Budapest": "hu",
    "Europe/Ljubljana": "si",
    "Europe/Zagreb": "hr",
    "Europe/Belgrade": "rs",
    "Europe/Bucharest": "ro",
    "Europe/Sofia": "bg",
    "Europe/Athens": "gr",
    "Europe/Vilnius": "lt",
    "Europe/Riga": "lv",
    "Europe/Tallinn": "ee",
    "Europe/Kyiv": "ua",
    "Africa/Cairo": "eg",
    "Africa/Johannesburg": "za",
    "Africa/Windhoek": "na",
    "Africa/Lagos": "ng",
    "Africa/Nairobi": "ke",
    "America/Argentina/Buenos_Aires": "ar",
    "America/Lima": "pe",
    "America/Montevideo": "uy",
    "America/Asuncion": "py",
}
_BY_LABEL = {label: zone for zone, labels in _COUNTRIES.items() for label in labels.split()}


def home_zone(language: str | None) -> str | None:
    """IANA name of the zone in which all readers of a language live; None where there is no such zone.

    `language` is a BCP 47 tag.
    """
    return _ZONES.get((language or "").partition("-")[0])


def country_zone(host: str | None) -> str | None:
    """IANA name of the zone of the country a host belongs to; None for countries of several zones, and for "com"."""
    return _BY_LABEL.get((host or "").rstrip(".").rpartition(".")[2].lower())
