"""Research questions, answered by a planner, a searcher and a writer."""

from .script import Call, Exchange, Script, Topic

_PAPERS = Script(
    "literature question",
    {
        "subject": (
            "heat pumps in old buildings",
            "sodium-ion batteries",
            "urban trees and summer heat",
            "shift work and sleep",
            "microplastics in tap water",
        ),
        "country": ("Denmark", "Portugal", "Canada", "Japan", "the Netherlands"),
        "found": range(38, 420),
        "effect": ("a moderate", "a small but steady", "a strong", "no clear"),
        "journal": ("Energy Policy", "Nature Communications", "The Lancet Planetary Health", "Building Research"),
    },
    (
        Exchange(
            "What is known about {subject} in {country}? Only studies of the last five years.",
            "Of {found} studies on {subject}, nine are from {country}. Taken together they show {effect} effect; the "
            "best of them appeared in *{journal}* [1]. Two disagree [4, 7], both with samples under a hundred. What "
            "is missing is a study over more than two years.",
            (
                Call(
                    "search_papers",
                    {"query": "{subject} {country}", "since": 2021},
                    {"found": "{found}", "selected": 9},
                    takes=1_250,
                ),
                Call(
                    "fetch_page",
                    {"url": "https://journals.example/{journal}"},
                    {"title": "A study of {subject}", "words": 7_412},
                    takes=880,
                ),
            ),
        ),
        Exchange(
            "How sure are you about the effect?",
            "Fairly sure of its direction, less of its size: seven of nine studies on {subject} point the same way, "
            "but only three report confidence intervals. I would call the evidence *moderate*.",
            (
                Call(
                    "read_paper",
                    {"id": "doi:10.5555/{found}", "section": "results"},
                    {"tables": 4, "interval": [0.12, 0.47]},
                    takes=640,
                ),
            ),
        ),
        Exchange(
            "Draft a paragraph for the minister's briefing.",
            "Recent studies from {country} suggest {effect} effect of {subject}. The evidence is moderate; a two-year "
            "field study would settle the open questions at low cost.",
        ),
    ),
)

RESEARCH = Topic(
    name="research",
    agent="research-crew",
    service="research-desk",
    organization="halden-institute",
    framework="openinference",
    models=("gemini-2.5-pro", "gpt-4o"),
    instructions="You answer research questions for the Halden Institute from published studies only. Cite every "
    "claim, and say how good the evidence is.",
    scripts=(_PAPERS,),
)
