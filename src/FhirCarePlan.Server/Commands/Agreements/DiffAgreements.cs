using FhirCarePlan.Sharing.Matrix;

namespace FhirCarePlan.Server.Commands.Agreements;

/// <summary>`protocol diff A B`.</summary>
internal static class DiffAgreements
{
    /// <returns>0 when nothing widens, 1 when something does or may, 2 when one of them could not be read.</returns>
    public static int Run(string before, string after, string format)
    {
        if (AgreementFile.Decisive(before) is not { } old || AgreementFile.Decisive(after) is not { } young) return AgreementFile.NotRead;
        var diff = MatrixDiff.Between(old, young, AgreementFile.Now);
        if (format == "json") ShellOutput.Json(json => MatrixJson.Write(json, diff, []));
        else if (format == "csv") ShellOutput.Text(text => MatrixCsv.Write(text, diff));
        else ShellOutput.Text(text => Write(text, diff));
        return diff.Widens ? AgreementFile.Faulty : AgreementFile.Done;
    }

    private static void Write(TextWriter text, MatrixDiff diff)
    {
        if (diff.IsEmpty) text.WriteLine("Nobody sees or may do anything else.");
        foreach (var way in diff.Flips.GroupBy(f => f.Widens))
        {
            text.WriteLine(way.Key ? "WIDENS: closed before, open now" : "NARROWS: open before, closed now");
            foreach (var flip in way)
            {
                text.WriteLine($"  {flip.Row.Party}");
                MatrixAgreement.Write(text, flip.Row);
                text.WriteLine($"      such as {flip.Example}");
            }
            text.WriteLine();
        }
        if (diff.Other.Count > 0) text.WriteLine("CHANGES THAT NO CELL SHOWS");
        foreach (var other in diff.Other) text.WriteLine($"  {(other.MayWiden ? "may widen: " : "")}{other.Text}");
        text.WriteLine(diff.Widens ? "Something widens or may widen: every party has to sign." : "Nothing widens.");
    }
}
