using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Storage.Writing;

internal enum IndexTable { Token, Text, Reference, String, Uri, Date, Number, Quantity, Pair, Words }

/// <summary>One row of an index table, whichever it is: the columns that a table lacks stay empty. Equal tuples are one row.</summary>
/// <param name="Text1">Token: code. Reference: id. String: normal. Uri, text: the value. Quantity: code.</param>
/// <param name="Text2">Token, quantity: system. Reference: type. String: text as written.</param>
/// <param name="Text3">Reference: address. Quantity: unit.</param>
internal readonly record struct IndexTuple(IndexTable Table, int Param, long Labels, string Text1, string Text2, string Text3,
    long Low, long High, double NumberLow, double NumberHigh, double Number)
{
    /// <summary>Pair: its code.</summary>
    public string Key { get; init; } = "";

    /// <summary>The rows that a value is written as: a token with a text is two.</summary>
    public static void Add(IReadOnlyList<IndexRow> rows, List<IndexTuple> to)
    {
        WordTuples.Add(rows, to);
        for (var i = 0; i < rows.Count; i++)
        {
            var entry = rows[i].Entry;
            var labels = rows[i].Labels;
            var param = entry.Parameter.Id;
            switch (entry.Kind)
            {
                case SearchType.Token:
                    // A system without a code is a row with an empty code: `system|` finds it, no code does.
                    if (entry.Value is not null || !string.IsNullOrEmpty(entry.System))
                        to.Add(OfText(IndexTable.Token, param, labels, entry.Value, entry.System));
                    if (entry.Text is { } text) to.Add(OfText(IndexTable.Text, param, labels, text));
                    break;
                case SearchType.Reference:
                    to.Add(entry.Value is { } id
                        ? OfText(IndexTable.Reference, param, labels, id, entry.System)
                        : OfText(IndexTable.Reference, param, labels, "", entry.System, entry.Text));
                    break;
                case SearchType.String:
                    to.Add(OfText(IndexTable.String, param, labels, entry.Value, entry.Text));
                    break;
                case SearchType.Uri:
                    to.Add(OfText(IndexTable.Uri, param, labels, entry.Value));
                    break;
                case SearchType.Date:
                    to.Add(new(IndexTable.Date, param, labels, "", "", "", entry.Low, entry.High, 0, 0, 0));
                    break;
                case SearchType.Number:
                    to.Add(new(IndexTable.Number, param, labels, "", "", "", 0, 0, entry.NumberLow, entry.NumberHigh, entry.Number));
                    break;
                case SearchType.Composite:
                    to.Add(OfPair(entry, param, labels));
                    break;
                case SearchType.Quantity:
                    to.Add(new(IndexTable.Quantity, param, labels, entry.Value ?? "", entry.System ?? "", entry.Text ?? "",
                        0, 0, entry.NumberLow, entry.NumberHigh, entry.Number));
                    break;
            }
        }
    }

    /// <summary>The texts in the order in which `PairSql` names them.</summary>
    private static IndexTuple OfPair(in IndexEntry entry, int param, long labels)
    {
        var (text1, text2, text3) = entry.Parameter.Pair!.Value.Type switch
        {
            SearchType.String => (entry.Value, entry.Text, null),
            SearchType.Reference when entry.Value is null => (null, entry.System, entry.Text),
            SearchType.Reference => (entry.Value, entry.System, null),
            SearchType.Quantity => (entry.Value, entry.System, entry.Text),
            SearchType.Token => (entry.Value, entry.System, null),
            _ => (entry.Value, null, (string?)null),
        };
        return new(IndexTable.Pair, param, labels, text1 ?? "", text2 ?? "", text3 ?? "", entry.Low, entry.High, entry.NumberLow, entry.NumberHigh, 0) { Key = entry.Key ?? "" };
    }

    private static IndexTuple OfText(IndexTable table, int param, long labels, string? text1, string? text2 = null, string? text3 = null) =>
        new(table, param, labels, text1 ?? "", text2 ?? "", text3 ?? "", 0, 0, 0, 0, 0);
}
