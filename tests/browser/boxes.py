"""Where things stand on a page, in its pixels."""

from dataclasses import dataclass

from playwright.sync_api import Locator


@dataclass(frozen=True)
class Box:
    """The place of an element in the window."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """How wide it is."""
        return self.right - self.left

    def holds(self, other: "Box") -> bool:
        """Whether another box lies within this one, but for a pixel."""
        return (
            self.left - 1 <= other.left
            and self.top - 1 <= other.top
            and other.right <= self.right + 1
            and other.bottom <= self.bottom + 1
        )


def box_of(element: Locator) -> Box:
    """Return the place of an element, which has to be seen."""
    found = element.bounding_box()
    assert found is not None, element
    left, top = found["x"], found["y"]
    return Box(left, top, left + found["width"], top + found["height"])
