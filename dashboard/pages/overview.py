from dashboard.components import empty, page_head


def render() -> None:
    page_head("overview", "A sentence.")
    empty("Nothing yet", "Why.")
