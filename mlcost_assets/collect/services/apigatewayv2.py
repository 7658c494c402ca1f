"""Amazon API Gateway, HTTP and WebSocket APIs: what their routes call."""

from typing import Any

from mlcost_assets.collect.listing import Listing
from mlcost_assets.collect.look import Body, Look


def _with_integrations(look: Look, api: Any) -> Body:
    """The API, with its Integrations[] as GetIntegrations answers them."""
    pages = look.pages("apigatewayv2:GetIntegrations", {"ApiId": api["ApiId"]})
    return {**api, "Integrations": [one for page in pages for one in page.get("Items", [])]}


COLLECTIONS = [
    Listing(
        "apigatewayv2:GetApis", "GetApis", "Items[]", "arn:{partition}:apigateway:{region}::/apis/{ApiId}",
        describe=_with_integrations, tags="Tags", limit="", calls=("apigatewayv2:GetIntegrations",),
    ),
]  # fmt: skip
