"""A hand that counts what it does: clicks, and keys pressed."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page


@dataclass
class Hand:
    """Drives a page as a person would; choosing from a list is two clicks, pasting is one key."""

    page: Page
    clicks: int = 0
    keys: int = 0

    def click(self, target: Locator) -> None:
        """Press the mouse on something."""
        self.clicks += 1
        target.click()

    def choose(self, target: Locator, value: str) -> None:
        """Open a list and take one of its entries."""
        self.clicks += 2
        target.select_option(value)

    def press(self, key: str) -> None:
        """Press one key, with others held or not."""
        self.keys += 1
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Write a text, key by key."""
        self.keys += len(text)
        self.page.keyboard.type(text)

    def paste(self, text: str) -> None:
        """Put a text in from elsewhere."""
        self.keys += 1
        self.page.keyboard.insert_text(text)
