"""A conversation's counts as one HTML page that loads nothing, reads well aloud, and follows the reader's colours."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bot.commands.statistics.counts import Counts
from bot.commands.statistics.terminal import EMOJI, PEOPLE, WORDS, answer_times, format_share, summary
from bot.translation import current_language, format_number, gettext, weekday_names

Row = tuple[str, int, str]
_STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --dim: #57606a; --paper: #ffffff; --card: #f6f8fa; --line: #d8dee4;
  --bar: #0b6bcb; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --dim: #9aa4af; --paper: #0d1117; --card: #161b22;
  --line: #30363d; --bar: #58a6ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1rem 3rem; max-width: 68rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { margin: 0 0 .25rem; line-height: 1.2; overflow-wrap: anywhere; }
h2 { margin: 0 0 .75rem; font-size: 1.05rem; }
header p, footer { color: var(--dim); margin: 0 0 1.5rem; }
main { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); }
section { min-width: 0; padding: 1rem 1.1rem; background: var(--card); border: 1px solid var(--line);
  border-radius: .6rem; }
section.wide { grid-column: 1 / -1; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .12rem .4rem .12rem 0; text-align: left; font-weight: 400; vertical-align: middle; }
th { width: 1%; max-width: 11rem; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
td.count { width: 1%; white-space: nowrap; text-align: right; }
td.more { width: 1%; white-space: nowrap; color: var(--dim); padding-right: 0; }
.bar { display: block; height: .8rem; border-radius: .2rem; background: var(--bar); min-width: 2px; }
.none { min-width: 0; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.columns { width: 100%; height: 12rem; display: block; }
.columns rect { fill: var(--bar); }
.ends { display: flex; justify-content: space-between; color: var(--dim); font-size: .85rem; }
details { margin-top: .5rem; } summary { color: var(--dim); cursor: pointer; }
footer { margin: 1.5rem 0 0; font-size: .85rem; }
""".strip()


def page(counts: Counts) -> str:
    """Return the page. Everything that people wrote is escaped; no script, no image, no font comes along."""
    title = escape(counts.title)
    made = gettext("Made by Scrubjay on the machine that holds the messages; this page loads nothing from anywhere.")
    ranked = counts.rank()[:PEOPLE]
    parts = [
        _columns(gettext("Over time"), counts.over_time(), wide=True),
        _bars(
            gettext("By person"),
            [(name, each.messages, format_share(each.messages, counts.messages)) for name, each in ranked],
        ),
        _waits(answer_times(counts)[:PEOPLE]),
        _columns(gettext("By hour"), [(f"{hour:02d}:00", count) for hour, count in enumerate(counts.hours)]),
        _bars(
            gettext("By weekday"),
            [(name, count, "") for name, count in zip(weekday_names(), counts.weekdays, strict=True)],
        ),
        _bars(gettext("Most used words"), [(word, count, "") for word, count in counts.words.most_common(WORDS)]),
        _bars(gettext("Most used emoji"), [(emoji, count, "") for emoji, count in counts.emoji.most_common(EMOJI)]),
    ]
    return f"""<!doctype html>
<html lang="{current_language()}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>{escape(gettext("{title} in numbers", title=counts.title))}</title>
<style>
{_STYLE}
</style>
</head>
<body>
<header><h1>{title}</h1><p>{escape(summary(counts))}</p></header>
<main>
{"".join(parts)}</main>
<footer>{escape(made)}</footer>
</body>
</html>
"""


def _bars(title: str, rows: Sequence[Row]) -> str:
    """Return a table whose rows have bars: for eyes a chart, for a screen reader its numbers."""
    if not any(count for _, count, _ in rows):
        return ""
    largest = max(count for _, count, _ in rows)
    body = "".join(_row(name, count, more, 100 * count / largest) for name, count, more in rows)
    return _section(
        title, f"<table><caption class=hidden>{escape(title)}</caption>{_head()}<tbody>{body}</tbody></table>"
    )


def _head() -> str:
    what, messages = escape(gettext("What")), escape(gettext("Messages"))
    return f'<thead class=hidden><tr><th scope="col">{what}</th><th scope="col">{messages}</th></tr></thead>'


def _row(name: str, count: int, more: str, percent: float) -> str:
    shape = "bar" if count else "bar none"
    drawn = f'<td aria-hidden="true"><span class="{shape}" style="width:{percent:.2f}%"></span></td>'
    share = f"<td class=more>{escape(more)}</td>" if more else ""
    told = f'<th scope="row"><bdi>{escape(name)}</bdi></th><td class=count>{format_number(count)}</td>'
    return f"<tr>{told}{drawn}{share}</tr>\n"


def _columns(title: str, rows: Sequence[tuple[str, int]], *, wide: bool = False) -> str:
    """Return columns from left to right, with their numbers in a table behind them."""
    if not any(count for _, count in rows):
        return ""
    largest = max(count for _, count in rows)
    step = 1000 / len(rows)
    columns = "".join(
        f'<rect x="{n * step:.2f}" y="{200 - 200 * count / largest:.2f}" width="{step * 0.85:.2f}" '
        f'height="{200 * count / largest:.2f}"><title>{escape(name)}: {format_number(count)}</title></rect>'
        for n, (name, count) in enumerate(rows)
    )
    peak_name, peak = max(rows, key=lambda row: row[1])
    most = gettext("most: {name}, {count}", name=peak_name, count=format_number(peak))
    told = gettext("Messages from {first} to {last}; {most}.", first=rows[0][0], last=rows[-1][0], most=most)
    table = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td class=count>{format_number(count)}</td></tr>'
        for name, count in rows
    )
    ends = (rows[0][0], most, rows[-1][0])
    inner = (
        f'<svg class=columns viewBox="0 0 1000 200" preserveAspectRatio="none" role="img" aria-label="{escape(told)}">'
        f"{columns}</svg><div class=ends>{''.join(f'<span>{escape(end)}</span>' for end in ends)}</div>"
        f"<details><summary>{escape(gettext('The numbers'))}</summary><table>{table}</table></details>"
    )
    return _section(title, inner, wide=wide)


def _waits(rows: Sequence[tuple[str, str]]) -> str:
    if not rows:
        return ""
    body = "".join(
        f'<tr><th scope="row"><bdi>{escape(name)}</bdi></th><td>{escape(wait)}</td></tr>' for name, wait in rows
    )
    return _section(gettext("Usual time to answer"), f"<table><tbody>{body}</tbody></table>")


def _section(title: str, inner: str, *, wide: bool = False) -> str:
    return f"<section{' class=wide' if wide else ''}><h2>{escape(title)}</h2>{inner}</section>\n"
