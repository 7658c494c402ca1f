"""Amazon API Gateway, REST APIs: what their methods call."""

from typing import Any

from mlcost_assets.collect.listing import Listing
from mlcost_assets.collect.look import Body, Look


def _with_integrations(look: Look, api: Any) -> Body:
    """The API, with the uri of what each method calls in Integrations[]."""
    arguments = {"restApiId": api["id"], "embed": ["methods"], "limit": 500}
    resources = [one for page in look.pages("apigateway:GetResources", arguments) for one in page.get("items", [])]
    integrations = [
        {"path": resource.get("path"), "method": name, **method["methodIntegration"]}
        for resource in resources
        for name, method in resource.get("resourceMethods", {}).items()
        if "methodIntegration" in method
    ]
    return {**api, "Integrations": integrations}


COLLECTIONS = [
    Listing(
        "apigateway:GetRestApis", "GetRestApis", "items[]", "arn:{partition}:apigateway:{region}::/restapis/{id}",
        describe=_with_integrations, tags="tags", page=500, limit="limit", calls=("apigateway:GetResources",),
    ),
]  # fmt: skip
