"""AWS IAM: roles and users with their tags, which say whose work runs as them. Policies are not asked for."""

from mlcost_assets.collect.listing import Listing

COLLECTIONS = [
    Listing(
        "iam:GetRole", "ListRoles", "Roles[]", "{Role[Arn]}",
        describe={"RoleName": "RoleName"}, tags="Role.Tags", page=1000, limit="MaxItems", once=True,
    ),
    Listing(
        "iam:GetUser", "ListUsers", "Users[]", "{User[Arn]}",
        describe={"UserName": "UserName"}, tags="User.Tags", page=1000, limit="MaxItems", once=True,
    ),
]  # fmt: skip
