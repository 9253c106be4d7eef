using System.Globalization;
using System.Text;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Server.Operations.Matching;

/// <summary>How like a Patient is to the one asked for. An NHS number says who somebody is, if birth date and name do not speak against it; two
/// different numbers are two persons. Without a number nothing is certain. https://hl7.org/fhir/R4/valueset-match-grade.html</summary>
/// <param name="Score">From 0 to 1, in hundredths.</param>
/// <param name="Grade">Null: not alike enough to be shown.</param>
internal sealed record PatientLikeness(decimal Score, string? Grade)
{
    public const string Certain = "certain";
    private const string NhsNumber = "https://fhir.nhs.uk/Id/nhs-number";
    private static readonly PatientLikeness Other = new(0, null);

    public static PatientLikeness Of(Node wanted, Node found)
    {
        if (Number(wanted) is { } one && Number(found) is { } two) return one == two ? OfSameNumber(wanted, found) : Other;
        var (points, most) = Demographics(wanted, found);
        if (SharesIdentifier(wanted, found)) (points, most) = (points + 60, most + 60);
        // Few facts that agree say little: a name alone is shared by many.
        var score = Hundredths(points / Math.Max(most, 80m));
        return new(score, score switch { >= 0.85m => "probable", >= 0.55m => "possible", _ => null });
    }

    private static PatientLikeness OfSameNumber(Node wanted, Node found)
    {
        var (points, most) = Demographics(wanted, found);
        var agreement = most == 0 ? 1 : points / most;
        return agreement >= 0.5m ? new(Hundredths(0.95m + 0.05m * agreement), Certain) : new(Hundredths(0.5m + 0.5m * agreement), "possible");
    }

    /// <summary>Points of the facts that both state: those that agree, and all.</summary>
    private static (decimal Points, decimal Most) Demographics(Node wanted, Node found)
    {
        var (points, most) = (0m, 0m);
        Compare(25, Names(wanted, "family"), Names(found, "family"), (a, b) => a == b ? 1 : 0);
        Compare(20, Names(wanted, "given"), Names(found, "given"), (a, b) => a == b ? 1 : a[0] == b[0] && (a.Length == 1 || b.Length == 1) ? 0.5m : 0);
        Compare(30, Text(wanted, "birthDate"), Text(found, "birthDate"), Dates);
        Compare(5, Text(wanted, "gender"), Text(found, "gender"), (a, b) => a == b ? 1 : 0);
        Compare(15, Inside(wanted, "address", "postalCode"), Inside(found, "address", "postalCode"), (a, b) => a == b ? 1 : 0);
        Compare(10, Inside(wanted, "telecom", "value"), Inside(found, "telecom", "value"), (a, b) => a == b ? 1 : 0);
        return (points, most);

        void Compare(decimal weight, List<string> of, List<string> with, Func<string, string, decimal> agree)
        {
            if (of.Count == 0 || with.Count == 0) return;
            most += weight;
            points += weight * of.Max(a => with.Max(b => agree(a, b)));
        }
    }

    /// <summary>A date of which only the year is known agrees with all days of it, half. Day and month changed about are a common slip.</summary>
    private static decimal Dates(string one, string other)
    {
        if (one == other) return one.Length == 10 ? 1 : 0.5m;
        if (one.Length < 10 || other.Length < 10) return one.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(one, StringComparison.Ordinal) ? 0.5m : 0;
        return one[..4] == other[..4] && one[5..7] == other[8..10] && one[8..10] == other[5..7] ? 0.5m : 0;
    }

    public static string? Number(Node patient)
    {
        foreach (var identifier in patient.All("identifier"))
            if (identifier.TextOf("system") == NhsNumber && identifier.TextOf("value") is { } value) return Plain(value);
        return null;
    }

    private static bool SharesIdentifier(Node one, Node other)
    {
        foreach (var a in one.All("identifier"))
            foreach (var b in other.All("identifier"))
                if (a.TextOf("system") is { } system && system != NhsNumber && system == b.TextOf("system") && a.TextOf("value") is { } value && value == b.TextOf("value")) return true;
        return false;
    }

    private static List<string> Names(Node patient, string part)
    {
        var all = new List<string>();
        foreach (var name in patient.All("name"))
            foreach (var node in name.All(part))
                if (node.Text is { } text && Plain(text) is { Length: > 0 } plain) all.Add(plain);
        return all;
    }

    private static List<string> Inside(Node patient, string element, string part)
    {
        var all = new List<string>();
        foreach (var node in patient.All(element))
            if (node.TextOf(part) is { } text && Plain(text) is { Length: > 0 } plain) all.Add(plain);
        return all;
    }

    private static List<string> Text(Node patient, string element) => patient.TextOf(element) is { } text ? [text] : [];

    /// <summary>Letters and digits, without case or accents.</summary>
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormD))
            if (char.IsLetterOrDigit(c)) plain.Append(char.ToLower(c, CultureInfo.InvariantCulture));
        return plain.ToString();
    }

    private static decimal Hundredths(decimal score) => Math.Round(score, 2, MidpointRounding.ToZero);
}
