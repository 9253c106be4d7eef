using System.Globalization;
using FhirCarePlan.Fhir.FhirPath.Values;

namespace FhirCarePlan.Fhir.Search;

/// <summary>A unit of UCUM by its base units, so that 5 mg and 0.005 g are one quantity. Decimals stay exact until the end.
/// https://hl7.org/fhir/R4/search.html#quantity</summary>
internal readonly record struct BaseUnits(decimal Factor, decimal Offset, string Dimension)
{
    private const string Ucum = "http://unitsofmeasure.org";

    /// <summary>Null when the text is not a unit of UCUM, or when this server cannot convert the unit.</summary>
    public static BaseUnits? Of(string? system, string? code) =>
        system == Ucum && code is { Length: > 0 } && Unit.Of(code).Measure is { } measure ? new(measure.Factor, measure.Offset, measure.Dimension) : null;

    /// <summary>Null for a number that cannot be held exactly.</summary>
    public double? Convert(string? number) =>
        decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) ? Convert(exact) : null;

    public double? Convert(decimal number)
    {
        try
        {
            return (double)(number * Factor + Offset);
        }
        catch (OverflowException)
        {
            return null;
        }
    }
}
