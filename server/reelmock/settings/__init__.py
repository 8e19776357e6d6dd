"""Settings: `fields` has every one of them, `sources` where their values come from."""

from reelmock.settings.fields import FLAGS, TABLES, Settings
from reelmock.settings.sources import BadSettings, build, flag_of, load, variable_of
from reelmock.settings.tables import ModelTable

__all__ = [
    "FLAGS",
    "TABLES",
    "BadSettings",
    "ModelTable",
    "Settings",
    "build",
    "flag_of",
    "load",
    "variable_of",
]
