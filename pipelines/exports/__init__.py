"""All that is stored, as files for other programs.

export_tables   one folder, whole or not at all: a Parquet data set, or a file a table of JSON lines or CSV
"""

from pipelines.exports.folder import Exported, export_tables
from pipelines.exports.formats import FORMATS

__all__ = ["FORMATS", "Exported", "export_tables"]
