"""What the shop sells, and who visits it."""

PRODUCTS = (
    ("OLJCESPC7Z", "Tarn 2 tent"),
    ("66VCHSJNUP", "Ridgeline 45 backpack"),
    ("1YMWWN1N4O", "Ember down jacket"),
    ("L9ECAV7KIM", "Cairn hiking boots"),
    ("2ZYFJ3GM2N", "Brook water filter"),
    ("0PUK6V6EV0", "Lumen headlamp"),
    ("LS4PSXUNUM", "Fjord rain shell"),
    ("9SIQT8TOJO", "Alder camping stove"),
    ("6E92ZMYYFZ", "Wollgras sleeping bag"),
    ("HQTGWGPNH4", "Pebble trekking poles"),
)
SEARCHES = ("tent 2 person", "waterproof boots", "rain shell women", "headlamp", "gas stove", "sovsäck", "zelt leicht")
BROWSERS = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_2 like Mac OS X) AppleWebKit/605.1.15 Version/18.2 Mobile/15E148",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/143.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0",
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/143.0.0.0 Mobile Safari/537.36",
)
CURRENCIES = ("EUR", "EUR", "EUR", "GBP", "SEK", "PLN", "CHF")
TRACE_STATES = ("es=s:0.25", "dd=s:1;o:rum", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE")
