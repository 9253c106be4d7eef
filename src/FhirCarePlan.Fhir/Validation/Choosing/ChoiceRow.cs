using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Choosing;

/// <summary>A row of the table: when a profile binds resources of a type.</summary>
/// <param name="Content">Any of these makes a resource one of the profile.</param>
/// <param name="Signs">Any of these makes it look like one although no `Content` says so: it is judged as one and told so.</param>
/// <param name="Hints">Any of these makes it worth asking whether it is one: it is not judged as one.</param>
/// <param name="Unless">Profiles before which the row steps back: where one of them is chosen already, only `Content` counts.</param>
/// <param name="IsOtherwise">Binds whatever of the type no other row binds.</param>
/// <param name="Stays">A resource that was one remains one: an update does not leave the profile by leaving out what chose it.</param>
/// <param name="IsService">The service alone writes these; the row binds nothing that is sent.</param>
public sealed record ChoiceRow(
    string On, string Profile, IReadOnlyList<Decider> Content, IReadOnlyList<Decider> Signs, IReadOnlyList<WriterDecider> Hints,
    IReadOnlyList<string> Unless,
    bool IsOtherwise, bool Stays, bool IsService)
{
    public string Canonical { get; } = $"{ProfileTable.Profiles}{Profile}";

    /// <summary>The row was not chosen yet and need not step back.</summary>
    internal bool IsOpen(List<ChoiceRow> chosen) => !chosen.Contains(this) && !Names(Unless, chosen);

    internal Doubt? Nearly(Node root)
    {
        foreach (var decider in Content)
            if (decider.Find(root).IsMissing && decider.Nearly(root) is var (at, text)) return new(at, text, Canonical);
        return null;
    }

    /// <param name="writer">Null asks for all signs but that of the writer; else that one alone.</param>
    internal Doubt? Sign(Node root, string? writer, List<ChoiceRow> chosen)
    {
        foreach (var decider in Signs)
        {
            if (decider is WriterDecider != (writer != null) || Names(decider.Unless, chosen)) continue;
            var at = decider is WriterDecider by ? by.Find(root, writer) : decider.Find(root);
            if (at.IsMissing) continue;
            return new(at, $"{decider.Says} makes this look like {Profile}, but nothing says that it is one. Did you mean to give {Wanted}? "
                + $"As it is, it is judged by {Profile}", Canonical);
        }
        return null;
    }

    /// <param name="writer">Null where nobody knows: then there is nothing to ask.</param>
    internal Doubt? Hint(Node root, string? writer)
    {
        foreach (var decider in Hints)
            if (decider.Find(root, writer) is { IsMissing: false } at)
                return new(at, $"Is this a {Profile}? It is {decider.Words}. If it is one, give {Wanted}"
                    + $"{(decider.Uncoded is { } element ? $"; if not, give `{element}` a code that says what it is" : "")}. As it is, {Profile} does not bind it",
                    Canonical)
                { IsHint = true };
        return null;
    }

    /// <summary>What the content must say to be one of the profile.</summary>
    internal string Wanted => string.Join(" or ", Content.Where(d => d is not WriterDecider).Select(d => d.Wanted));

    private static bool Names(IReadOnlyList<string> profiles, List<ChoiceRow> chosen)
    {
        foreach (var row in chosen)
            if (profiles.Contains(row.Profile)) return true;
        return false;
    }
}
