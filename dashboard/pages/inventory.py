from dashboard.components import empty, page_head


def render() -> None:
    page_head("inventory", "A sentence.")
    empty("Nothing yet", "Why.")
