from dashboard.components import empty, page_head


def render() -> None:
    page_head("system", "A sentence.")
    empty("Nothing yet", "Why.")
