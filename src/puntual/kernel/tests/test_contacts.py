"""Phone numbers and e-mail addresses as they stand in a file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puntual.kernel.emails import normalize_email
from puntual.kernel.phones import normalize_phone


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("987 654 321", "PE", "+51987654321"),
        ("987654321", "pe", "+51987654321"),
        ("(01) 444-5555", "PE", "+5114445555"),
        ("987654321 anexo 12", "PE", "+51987654321"),
        ("0051 987 654 321", "CL", "+51987654321"),
        ("+51 987-654-321", "", "+51987654321"),
        ("9 8765 4321", "CL", "+56987654321"),
        ("300 123 4567", "CO", "+573001234567"),
        ("55 1234 5678", "MX", "+525512345678"),
        ("612 345 678", "ES", "+34612345678"),
        ("(11) 91234-5678", "BR", "+5511912345678"),
        ("987654321", "", None),
        ("987654321", "XX", None),
        ("987654321 / 912345678", "PE", None),
        ("9.87654321E8", "PE", None),
        ("12", "PE", None),
        ("no tiene", "PE", None),
        ("", "PE", None),
    ],
)
def test_phones(text, country, number):
    assert normalize_phone(text, country) == number


@given(st.text(max_size=30), st.sampled_from(["PE", "MX", "XX", ""]))
def test_no_phone_raises_and_a_number_is_its_own_number(text, country):
    number = normalize_phone(text, country)
    assert number is None or normalize_phone(number, "") == number


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" Ana.Perez@EXAMPLE.COM ", "Ana.Perez@example.com"),
        ("a+b_c'd@sub.example.com.pe", "a+b_c'd@sub.example.com.pe"),
        ("x@xn--bcher-kva.example", "x@xn--bcher-kva.example"),
        ("a" * 64 + "@example.com", "a" * 64 + "@example.com"),
        ("a" * 65 + "@example.com", None),
        ("a@" + "b" * 63 + ".com", "a@" + "b" * 63 + ".com"),
        ("a@" + "b" * 64 + ".com", None),
        ("a@" + "b." * 130 + "com", None),
        ("ana@example", None),
        ("ana@example.c", None),
        ("ana@10.0.0.1", None),
        ("ana@@example.com", None),
        ("ana@example..com", None),
        ("ana@-example.com", None),
        (".ana@example.com", None),
        ("ana..p@example.com", None),
        ("ana perez@example.com", None),
        ("ana@example.com, luis@example.com", None),
        ("ana@example.com\nBcc: luis@example.com", None),
        ("Ana <ana@example.com>", None),
        ("peña@example.com", None),
        ("@example.com", None),
        ("", None),
    ],
)
def test_emails(text, address):
    assert normalize_email(text) == address
