using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Server.Core;

/// <summary>Compares index values with a query as the store compares its rows, for what is not in the database.</summary>
internal static class RowMatch
{
    public static bool Meets(IReadOnlyList<IndexEntry> rows, Criterion criterion)
    {
        var own = rows.Where(r => r.Parameter.Id == criterion.Parameter.Id);
        if (criterion.Parameter.Pair is { } pair)
            return own.Any(r => criterion.AnyOf.Any(v => v.In is null && r.Key == v.Key && Matches(r with { Kind = pair.Value.Type }, v, Modifier.None)));
        if (criterion.Modifier == Modifier.Missing) return own.Any() == (criterion.AnyOf[0].Text == "false");
        var any = own.Any(r => criterion.AnyOf.Any(v => Matches(r, v, criterion.Modifier)));
        return criterion.Modifier == Modifier.Not ? !any : any;
    }

    /// <summary>As QueryValue says, but for numbers and quantities: no definition has them but in a use context, which is not searched by
    /// here.</summary>
    private static bool Matches(in IndexEntry row, QueryValue value, Modifier modifier)
    {
        switch (row.Kind)
        {
            case SearchType.String:
                return modifier switch
                {
                    Modifier.Exact => row.Text == value.Text,
                    Modifier.Same => row.Value == value.Value,
                    Modifier.Ends => row.Value!.EndsWith(value.Value!, StringComparison.Ordinal),
                    Modifier.Text => $" {row.Value}" is var text && value.Value!.Split(' ').All(word => text.Contains(" " + word, StringComparison.Ordinal)),
                    Modifier.Contains => row.Value!.Contains(value.Value!, StringComparison.Ordinal),
                    _ => row.Value!.StartsWith(value.Value!, StringComparison.Ordinal),
                };
            case SearchType.Token when modifier == Modifier.Text: return row.Text?.StartsWith(value.Text!, StringComparison.Ordinal) == true;
            case SearchType.Token: return (value.System == null || row.System == value.System) && (value.Value == null || row.Value == value.Value);
            case SearchType.Uri:
                return row.Value == value.Value || modifier == Modifier.Below && IsBelow(row.Value!, value.Value!) || modifier == Modifier.Above && IsBelow(value.Value!, row.Value!);
            case SearchType.Reference:
                return value.Text != null ? row.Text == value.Text : row.Value == value.Value && (value.System == null || row.System == value.System);
            case SearchType.Date:
                return value.Prefix switch
                {
                    Prefix.Ne => !(row.Low >= value.Low && row.High <= value.High),
                    Prefix.Gt => row.High > value.High,
                    Prefix.Lt => row.Low < value.Low,
                    Prefix.Ge => row.High >= value.Low,
                    Prefix.Le => row.Low <= value.High,
                    Prefix.Sa => row.Low > value.High,
                    Prefix.Eb => row.High < value.Low,
                    Prefix.Ap => row.Low <= value.High && row.High >= value.Low,
                    _ => row.Low >= value.Low && row.High <= value.High,
                };
            default: return false;
        }
    }

    private static bool IsBelow(string uri, string above) => uri.StartsWith(above.EndsWith('/') ? above : above + "/", StringComparison.Ordinal);
}
