"""Writes the spans of a store as lines of text that `importing` reads again."""

from .lines import FORMATS, json_line, written_lines

__all__ = ["FORMATS", "json_line", "written_lines"]
