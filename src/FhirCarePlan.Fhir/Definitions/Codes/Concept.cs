using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Definitions.Codes;

/// <summary>One code of a code system and what it means.</summary>
/// <param name="Display">Empty when the code system gives none.</param>
/// <param name="IsAbstract">It only groups others; instances do not carry it.</param>
/// <param name="Parents">Codes directly above it.</param>
public sealed record Concept(string Code, string Display, bool IsAbstract, IReadOnlyList<string> Parents)
{
    /// <summary>The concept as published by a package; Missing for R4's own, which come as facts.</summary>
    public Node Source { get; init; }

    public string? Definition => Source.TextOf("definition");

    /// <summary>True for a code that new records must not use.</summary>
    public bool IsInactive
    {
        get
        {
            foreach (var property in Source.All("property"))
                if (property.TextOf("code") is "inactive" && property.TextOf("value") == "true"
                    || property.TextOf("code") is "status" && property.TextOf("value") is "retired" or "deprecated" or "inactive") return true;
            return false;
        }
    }

    /// <summary>True for the display and for every designation, letter case aside.</summary>
    public bool IsCalled(string display)
    {
        if (Same(display, Display)) return true;
        foreach (var designation in Source.All("designation"))
            if (designation.TextOf("value") is { } value && Same(display, value)) return true;
        return false;

        static bool Same(string a, string b) => a.AsSpan().Trim().Equals(b.AsSpan().Trim(), StringComparison.OrdinalIgnoreCase);
    }
}
