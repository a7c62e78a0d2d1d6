"""Pages, and the security policies they may come with."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Page, Route

OpenPage = Callable[..., Awaitable[Page]]


async def demand(page: Page, url: str, policy: str) -> None:
    """From now on, the page at `url` comes with this Content-Security-Policy."""

    async def add_policy(route: Route) -> None:
        response = await route.fetch()
        headers = {**response.headers, "content-security-policy": policy}
        await route.fulfill(response=response, headers=headers)

    await page.route(url, add_policy)
