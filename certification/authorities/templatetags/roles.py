"""Role codes with what they mean."""

from django import template

from certification.authorities.role_codes import role_name

register = template.Library()


@register.filter
def role(code: int) -> str:
    """`2` -> `2, Supplier`."""
    return f"{code}, {role_name(code)}"
