"""Draws every life cycle from its table, so that docs/states/ cannot disagree with the program."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from smki_pma.clauses.life_cycles import LifeCycle


def life_cycles() -> list[LifeCycle]:
    """Every life cycle of every app, by key."""
    found = []
    for app in apps.get_app_configs():
        module = f"{app.name}.states"
        if find_spec(module) is not None:
            found += [value for value in vars(import_module(module)).values() if isinstance(value, LifeCycle)]
    return sorted({cycle.key: cycle for cycle in found}.values(), key=lambda cycle: cycle.key)


def draw(cycle: LifeCycle) -> str:
    """One life cycle as Markdown: a Mermaid diagram and the table that it was drawn from."""
    lines = [f"# {cycle.title}", "", f"Drawn by `manage.py draw_states` from `{cycle.key}`. Do not edit.", ""]
    lines += ["```mermaid", "stateDiagram-v2"]
    lines += [f"    {state}: {title}" for state, title in cycle.states.items()]
    for move in cycle.transitions:
        lines += [f"    {source} --> {move.target}: {move.action}" for source in move.sources]
    lines += [
        "```",
        "",
        "| act | from | to | who | clause | ledger entry |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for move in cycle.transitions:
        sources = ", ".join(cycle.states[source] for source in move.sources) or "(new)"
        target = cycle.states[move.target]
        lines.append(
            f"| {move.action} | {sources} | {target} | {move.who} | {move.clause} | `{move.event}` |"
        )
    return "\n".join(lines) + "\n"


def drawings() -> dict[str, str]:
    """File name to content, the index included."""
    cycles = life_cycles()
    index = ["# Life cycles", "", "Drawn by `manage.py draw_states`. Do not edit.", ""]
    index += [f"- [{cycle.title}]({cycle.key}.md)" for cycle in cycles]
    return {"README.md": "\n".join(index) + "\n"} | {f"{cycle.key}.md": draw(cycle) for cycle in cycles}
