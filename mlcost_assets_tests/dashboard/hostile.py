"""Names as somebody may give them who wishes a page or a spreadsheet harm, or who never thought of either."""

NAMES = {
    "markup": "<img src=x onerror=alert(1)>",
    "formula": '=HYPERLINK("http://x","y")',
    "long": "m" * 300,
    "right-to-left": "\u202eevil עברית",
    "emoji": "naïve 🤖 model",
    "folders": "../..",
    "address": "a/b?c#d%2F&e=f",
    "quotes": 'o\'brien "x" `y` {{7*7}}',
}
EVIL = NAMES["markup"]
