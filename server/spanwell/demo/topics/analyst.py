"""An analyst that writes SQL over a shop's warehouse."""

from .script import Call, Exchange, Script, Topic

_REGIONS = ("DACH", "Nordics", "Benelux", "France", "Iberia", "UK & Ireland")

_REVENUE = Script(
    "revenue question",
    {
        "region": _REGIONS,
        "quarter": ("Q1", "Q2", "Q3"),
        "category": ("tents", "footwear", "jackets", "stoves and kitchen"),
        "revenue": range(310_000, 2_400_000, 1_370),
        "change": (-11.2, -4.8, 2.9, 6.4, 12.7, 18.3),
        "orders": range(3_100, 21_000),
    },
    (
        Exchange(
            "How much revenue did {category} make in {region} in {quarter}, compared with last year?",
            "**{revenue:,} EUR** from {orders:,} orders, which is {change:+.1f} % against the same quarter of last "
            "year. Returns are already taken off.\n\n| region | category | revenue | change |\n|---|---|---|---|\n"
            "| {region} | {category} | {revenue:,} | {change:+.1f} % |",
            (
                Call(
                    "describe_tables",
                    {"schema": "mart"},
                    {"tables": ["orders", "order_lines", "products", "regions", "returns"]},
                    takes=70,
                ),
                Call(
                    "run_sql",
                    {
                        "sql": "SELECT sum(l.amount) AS revenue, count(DISTINCT o.id) AS orders\nFROM mart.orders o\n"
                        "JOIN mart.order_lines l ON l.order_id = o.id\nJOIN mart.products p ON p.id = l.product_id\n"
                        "WHERE p.category = '{category}' AND o.region = '{region}' AND o.quarter = '{quarter}'"
                    },
                    {"columns": ["revenue", "orders"], "rows": [["{revenue}", "{orders}"]], "rowCount": 1},
                    takes=1_450,
                ),
            ),
        ),
        Exchange(
            "Which week moved it most?",
            "The second week of the quarter: a free-shipping campaign brought about a fifth of all {orders:,} orders. "
            "Without it the change would be close to zero.",
            (
                Call(
                    "run_sql",
                    {
                        "sql": "SELECT week, sum(amount) AS revenue FROM mart.weekly_revenue\nWHERE region = "
                        "'{region}' AND category = '{category}'\nGROUP BY week ORDER BY revenue DESC LIMIT 3"
                    },
                    {"columns": ["week", "revenue"], "rows": [[2, 214_908.5], [7, 141_220.0], [11, 139_874.25]]},
                    takes=980,
                ),
            ),
        ),
        Exchange(
            "Make me a chart for the Monday meeting.",
            "Here it is: revenue of {category} in {region} by week, with the campaign marked. I saved it to the "
            "dashboard *Weekly trading*.",
            (
                Call(
                    "render_chart",
                    {"kind": "bar", "x": "week", "y": "revenue", "title": "{category}, {region}, {quarter}"},
                    {"url": "https://charts.larkspur.example/weekly-trading", "bytes": 48_213},
                    takes=420,
                ),
            ),
        ),
    ),
)

_CHURN = Script(
    "customer question",
    {"region": _REGIONS, "share": (7.4, 9.1, 12.6, 15.0), "customers": range(2_300, 18_000), "days": (60, 90, 120)},
    (
        Exchange(
            "How many customers in {region} have not ordered for {days} days?",
            "{customers:,} customers, {share} % of all active ones in {region}. Most of them bought a single item in "
            "a sale.",
            (
                Call(
                    "run_sql",
                    {
                        "sql": "SELECT count(*) AS customers, 100.0 * count(*) / (SELECT count(*) FROM mart.customers)"
                        " AS share\nFROM mart.customers\nWHERE region = '{region}' AND last_order < current_date - "
                        "{days}"
                    },
                    {"columns": ["customers", "share"], "rows": [["{customers}", "{share}"]], "rowCount": 1},
                    takes=2_300,
                ),
            ),
        ),
        Exchange(
            "Export them for the newsletter team.",
            "I exported {customers:,} rows, without names or addresses, to `s3://larkspur-exports/lapsed.parquet`; the "
            "newsletter team has read access for seven days.",
            (
                Call(
                    "export_result",
                    {"format": "parquet", "anonymise": True},
                    {"path": "s3://larkspur-exports/lapsed.parquet", "rows": "{customers}"},
                    takes=3_100,
                ),
            ),
        ),
    ),
)

ANALYST = Topic(
    name="analytics",
    agent="sql-analyst",
    service="data-assistant",
    organization="larkspur-outdoor",
    framework="mastra",
    models=("gpt-4.1", "o4-mini"),
    instructions="You answer business questions with SQL over the schema `mart`. Read only. Show the figure first, "
    "then how it came about. Say so when data is missing.",
    scripts=(_REVENUE, _CHURN),
)
