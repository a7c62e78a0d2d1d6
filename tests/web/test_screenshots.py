"""The pictures in docs/ can be made again, and are small."""

from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.support.bridge import REPOSITORY, StartBridge
from tests.web.screenshots import LOOKS, take

MOST_BYTES = 150 * 1024


@pytest.mark.asyncio(loop_scope="module")
async def test_the_pictures_in_the_documents_can_be_made_again(
    browser: Browser, start_bridge: StartBridge, tmp_path: Path
) -> None:
    bridge = start_bridge({"daemons": {"demo": {"embedded": "chat"}}})
    await take(browser, bridge.url, tmp_path)
    for folder in (tmp_path, REPOSITORY / "docs"):
        sizes = {path.name: path.stat().st_size for path in folder.glob("console-*.png")}
        assert sizes.keys() == LOOKS.keys()
        assert max(sizes.values()) < MOST_BYTES, sizes
