using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Units;

/// <summary>Questionnaires stored here judge their responses, as the writer sees them and in the state that the unit leaves, drafts aside.
/// Without a version the newest one counts, one in use before a retired one. A form or a question that the writer does not see is one that is
/// not here. https://hl7.org/fhir/R4/questionnaireresponse-definitions.html#QuestionnaireResponse.questionnaire</summary>
internal static class StoredForms
{
    private const string Type = "Questionnaire";
    private const int Most = 200;

    /// <summary>The form of each response in the resource, by its canonical as the response writes it; null where there is none to look
    /// for.</summary>
    public static Func<string, Node>? Of(Work work, Node resource)
    {
        if (!work.Engine.Types.Serves(Type)) return null;
        Dictionary<string, Node>? found = null;
        foreach (var canonical in Named(resource)) (found ??= [])[canonical] = Find(work, canonical);
        return found is null ? null : canonical => found.GetValueOrDefault(canonical);
    }

    private static HashSet<string> Named(Node resource)
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        Add(resource);
        if (resource.Type.Name == "Bundle")
            foreach (var entry in resource.All("entry")) Add(entry["resource"]);
        return named;

        void Add(Node at)
        {
            if (at.IsMissing) return;
            if (at.Type.Name == "QuestionnaireResponse" && at.TextOf("questionnaire") is [not '#', ..] and var canonical)
                named.Add(canonical);
            foreach (var contained in at.All("contained")) Add(contained);
        }
    }

    private static Node Find(Work work, string canonical)
    {
        var plain = canonical.Split('#')[0];
        var bar = plain.IndexOf('|');
        var (url, version) = bar < 0 ? (plain, null) : (plain[..bar], plain[(bar + 1)..]);
        (Node Form, DateTimeOffset At) best = default;
        foreach (var candidate in Candidates(work, url))
        {
            var form = candidate.Form;
            if (form.TextOf("url") != url || form.TextOf("status") is not ("active" or "retired" or "unknown")) continue;
            if (version != null && form.TextOf("version") != version) continue;
            if (best.Form.IsMissing || IsBefore(best, candidate)) best = candidate;
        }
        return best.Form;
    }

    private static IEnumerable<(Node Form, DateTimeOffset At)> Candidates(Work work, string url)
    {
        foreach (var own in work.Staging.All)
            if (own.Version is { Type: Type, IsDeleted: false } version && own.Sent is { } sent)
                yield return (sent.Root, version.LastUpdated);
        // A value of a search takes `,`, `$` and `|` for its own.
        var value = url.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal)
            .Replace("$", "\\$", StringComparison.Ordinal);
        var asked = $"url={Uri.EscapeDataString(value)}&_count={Most}&_total=none";
        if (work.Engine.Queries.Parse(Type, asked, new Report()) is not { } query) yield break;
        if (ViewScope.Of(work, query) is not { } scope) yield break;
        foreach (var hit in work.Snapshot.Search(query, scope).Hits)
        {
            if (work.Staging.Find(Type, hit.Version.Id) != null) continue;
            var seen = ViewScope.See(work.Sight, hit);
            var shown = new Shown(hit.Version.VersionId, hit.Version.LastUpdated);
            yield return (work.Reading.Parse(work.InForce.View(seen.Version, seen.Decision, shown, null)).Root, shown.LastUpdated);
        }
    }

    private static bool IsBefore((Node Form, DateTimeOffset At) one, (Node Form, DateTimeOffset At) other)
    {
        var (isActive, otherIs) = (one.Form.TextOf("status") == "active", other.Form.TextOf("status") == "active");
        if (isActive != otherIs) return otherIs;
        var order = Versions(one.Form.TextOf("version"), other.Form.TextOf("version"));
        return order != 0 ? order < 0 : one.At < other.At;
    }

    /// <summary>Part by part, numbers as numbers: 1.10 comes after 1.9.</summary>
    private static int Versions(string? one, string? other)
    {
        if (one is null || other is null) return (one is null ? 0 : 1) - (other is null ? 0 : 1);
        var (a, b) = (one.Split('.', '-'), other.Split('.', '-'));
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            var order = long.TryParse(a[i], out var x) && long.TryParse(b[i], out var y) ? x.CompareTo(y) : string.CompareOrdinal(a[i], b[i]);
            if (order != 0) return order;
        }
        return a.Length - b.Length;
    }
}
