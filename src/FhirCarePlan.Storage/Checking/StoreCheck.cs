using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Storage.Auditing;
using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Storage.Reading;

namespace FhirCarePlan.Storage.Checking;

/// <summary>Proves what a store can prove about itself: contents and checksums, rows that belong together, the ledger.</summary>
internal static class StoreCheck
{
    private const int Slice = 200;

    private const string VersionsSql = $"""
        SELECT {VersionReader.Columns} FROM version v CROSS JOIN resource r ON r.key = v.resource LEFT JOIN person p ON p.no = r.person
        WHERE v.no > ?1 ORDER BY v.no LIMIT ?2
        """;

    public static void Run(Connection connection, LedgerKey key, Findings findings)
    {
        foreach (var fault in connection.OwnFaults())
            findings.Add($"the database says of itself: {fault}", Findings.Restore);
        foreach (var (what, sql) in RowQuestions.All) Ask(connection, what, sql, findings);
        for (long last = 0; Versions(connection, ref last, findings);) { }
        var proof = new LedgerVerification(connection, key, null).Verify();
        if (!proof.IsIntact)
            findings.Add($"the ledger is not intact ({proof.Fault}) from row {proof.At} on",
                "Keep this database as it is for the governance lead, who can compare it with receipts and backups (`audit verify --receipt`)");
    }

    private static void Ask(Connection connection, string what, string sql, Findings findings)
    {
        using var rows = connection.UseShape(sql);
        while (rows.Step()) findings.Add(what, Findings.Restore, $"row {rows.Int64(0)}");
    }

    /// <returns>False: there are no more.</returns>
    private static bool Versions(Connection connection, ref long last, Findings findings)
    {
        var count = 0;
        using var rows = connection.Use(VersionsSql).Bind(1, last).Bind(2, Slice);
        for (; rows.Step(); count++)
        {
            last = rows.Int64(15);
            var version = VersionReader.Read(rows);
            var row = $"row {last} ({version.Type})";
            if (version.DamagedRow != null) findings.Add("a stored version does not match its checksum and is not shown", Findings.Restore, row);
            else if (!version.IsDeleted && Fault(version) is { } fault) findings.Add(fault, Findings.Restore, row);
        }
        return count == Slice;
    }

    private static string? Fault(StoredVersion version)
    {
        using var document = ResourceReader.Read(version.Body, ResourceFormat.Json, new Report());
        if (document is null) return "a stored body does not parse";
        var root = document.Root;
        return root.Type.Name == version.Type && root.TextOf("id") == version.Id && root["meta"].TextOf("versionId") == version.VersionId
            ? null : "a stored body is another resource's or another version's than its row";
    }
}
