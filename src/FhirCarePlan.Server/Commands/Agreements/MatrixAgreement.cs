using FhirCarePlan.Sharing.Matrix;

namespace FhirCarePlan.Server.Commands.Agreements;

/// <summary>`protocol matrix FILE` and `protocol who-can-see FILE CATEGORY`.</summary>
internal static class MatrixAgreement
{
    public static int Run(string path, string format, MatrixFilter filter)
    {
        if (AgreementFile.Decisive(path) is not { } protocol) return AgreementFile.NotRead;
        var matrix = SharingMatrix.Of(protocol, AgreementFile.Now);
        if (filter.Unknown(matrix) is { } unknown)
        {
            Console.Error.WriteLine(unknown);
            return AgreementFile.NotRead;
        }
        var rows = MatrixRows.Of(matrix, filter with { PerCell = format == "csv" });
        if (format == "json") ShellOutput.Json(json => MatrixJson.Write(json, protocol, rows));
        else if (format == "csv") ShellOutput.Text(text => MatrixCsv.Write(text, rows));
        else ShellOutput.Text(text =>
        {
            foreach (var party in rows.GroupBy(r => r.Party))
            {
                text.WriteLine($"{party.Key}: {protocol.Party(party.Key)?.Name}");
                foreach (var row in party) Write(text, row);
                text.WriteLine();
            }
            text.WriteLine($"{ShellOutput.Count(rows.Count, "line")}. Whatever no line opens is closed.");
        });
        return AgreementFile.Done;
    }

    public static void Write(TextWriter text, MatrixRow row)
    {
        text.WriteLine($"  {string.Join(", ", row.Roles)}: {string.Join(", ", row.Actions)} for {row.Purpose}, {row.Record} record");
        text.WriteLine($"      data   {string.Join(", ", row.Data)}");
        text.WriteLine($"      in     {string.Join(", ", row.Types)}");
        text.WriteLine($"      when   {row.Condition}");
        if (row.Clauses.Count > 0) text.WriteLine($"      clause {string.Join(", ", row.Clauses)}");
    }
}
