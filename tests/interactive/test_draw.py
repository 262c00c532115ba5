"""What the figures share: numbers as text."""

import pytest

WRITTEN = {
    0.0: "0",
    2.0: "2.00",
    -0.5: "−0.500",
    999.4: "999",
    999.9: "999.9",
    -9999.9: "−9999.9",
    12345.6: "12346",
    99999.6: "1.00 × 10⁵",
    0.00099996: "0.00100",
    0.0005: "5.00 × 10⁻⁴",
    -1.5e-12: "−1.50 × 10⁻¹²",
    float("inf"): "∞",
    float("-inf"): "not finite",
    float("nan"): "not finite",
}


@pytest.mark.parametrize("value", WRITTEN, ids=str)
def test_a_number_has_three_digits_and_an_exponent_only_where_it_helps(blank, value):
    script = "async ([x]) => (await import('/draw.js')).number(x)"
    assert blank.evaluate(script, [value]) == WRITTEN[value]
