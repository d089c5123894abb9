"""Code review of pull requests."""

from .script import Call, Exchange, Script, Topic

_REPOSITORIES = ("tidewater/billing", "tidewater/ledger-api", "tidewater/mobile", "tidewater/infra")

_REVIEW = Script(
    "pull request",
    {
        "pr": range(1_204, 3_988),
        "repository": _REPOSITORIES,
        "file": ("src/invoices/rounding.ts", "internal/ledger/post.go", "app/sync/queue.kt", "modules/vpc/main.tf"),
        "line": range(18, 412),
        "change": ("rounds invoices per line", "retries failed postings", "caches exchange rates", "batches the sync"),
        "finding": (
            "the retry is not idempotent: a timeout after the commit would post twice",
            "the amount is a float; 0.1 + 0.2 will show on an invoice sooner or later",
            "the lock is taken before the network call and held for up to 30 s",
            "an empty page ends the loop, though the API may return empty pages in between",
        ),
        "added": range(24, 640),
        "removed": range(3, 210),
        "tests": range(310, 1_900),
    },
    (
        Exchange(
            "Please review {repository}#{pr}: it {change}.",
            "**{repository}#{pr}** (+{added} -{removed})\n\nOne thing must change before merging: in `{file}:{line}` "
            "{finding}.\n\nTwo smaller ones: the new flag has no documentation, and a test covers only the happy "
            "path. The naming is much clearer than before.",
            (
                Call(
                    "get_diff",
                    {"repository": "{repository}", "number": "{pr}"},
                    {"files": ["{file}"], "additions": "{added}", "deletions": "{removed}"},
                    takes=540,
                ),
                Call(
                    "read_file",
                    {"path": "{file}", "ref": "refs/pull/{pr}/head"},
                    {"path": "{file}", "lines": 431, "encoding": "utf-8"},
                    takes=210,
                ),
                Call(
                    "search_code",
                    {"repository": "{repository}", "query": "{change}"},
                    {"matches": 6, "files": ["{file}", "docs/decisions/0019.md"]},
                    takes=330,
                ),
            ),
        ),
        Exchange(
            "I pushed a fix for {file}. Look again?",
            "Good fix: `{file}:{line}` is safe now, and I could not break it with a test of my own. All {tests} tests "
            "pass. **Approved.**",
            (
                Call(
                    "get_diff",
                    {"repository": "{repository}", "number": "{pr}", "since": "last_review"},
                    {"files": ["{file}"], "additions": 31, "deletions": 12},
                    takes=490,
                ),
                Call(
                    "run_tests",
                    {"repository": "{repository}", "ref": "refs/pull/{pr}/head"},
                    {"passed": "{tests}", "failed": 0, "seconds": 41.8},
                    takes=14_500,
                ),
            ),
        ),
        Exchange(
            "Write the release note for it, one sentence.",
            "The service now {change}, and a repeated request no longer has a second effect (#{pr}).",
        ),
    ),
)

REVIEW = Topic(
    name="code-review",
    agent="review-bot",
    service="review-bot",
    organization="tidewater-software",
    framework="gen_ai",
    models=("claude-sonnet-4-5", "gpt-4.1", "o4-mini"),
    instructions="You review pull requests of Tidewater Software. Find what breaks in production first; style comes "
    "last. Name file and line. Never approve with failing tests.",
    scripts=(_REVIEW,),
)
