using System.Runtime.InteropServices;
using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Search.Indexing;

/// <summary>Turns the nodes found for a parameter into rows of its type; lives for one resource.</summary>
internal sealed class RowWriter(TimeZoneInfo zone, FhirPathContext context, List<IndexEntry> rows)
{
    /// <summary>Up to here looking through all rows costs less than a set.</summary>
    private const int Many = 64;
    private HashSet<IndexEntry>? written;

    public TimeZoneInfo Zone => zone;
    public FhirPathContext Context => context;
    public SearchParameter Parameter { get; private set; } = null!;

    /// <summary>A node some way above the value whose other content was looked at to choose it (`participant.where(role = …).member`):
    /// rows are then labelled as this one with all below it. -1 for none.</summary>
    public int Anchor { get; set; } = -1;

    public void Begin(SearchParameter parameter) => Parameter = parameter;

    public void Add(Node value)
    {
        if (value.Type.Name == "Extension")
        {
            value = value["value"]; // published parameters name the extension and mean its value
            if (value.IsMissing) return;
        }
        switch (Parameter.Type)
        {
            case SearchType.Token: TokenRows.Add(value, this); break;
            case SearchType.Reference: ReferenceRows.Add(value, this); break;
            case SearchType.Date: DateRows.Add(value, this); break;
            case SearchType.String: StringRows.Add(value, this); break;
            case SearchType.Uri: UriRows.Add(value, this); break;
            case SearchType.Number or SearchType.Quantity: QuantityRows.Add(value, this); break;
        }
    }

    /// <param name="code">`true`, or that the condition applies.</param>
    public void AddCondition(Node at, string code) => Write(new IndexEntry(Parameter, SearchType.Token, at.Index) { System = "", Value = code });

    /// <summary>A row that two parts of an expression find is written once.</summary>
    public void Write(IndexEntry row)
    {
        if (Anchor >= 0) row = row with { Node = Anchor };
        if (rows.Count < Many)
        {
            foreach (ref readonly var other in CollectionsMarshal.AsSpan(rows))
                if (other.Node == row.Node && other == row) return;
        }
        else if (!(written ??= [.. rows]).Add(row)) return;
        rows.Add(row);
    }
}
