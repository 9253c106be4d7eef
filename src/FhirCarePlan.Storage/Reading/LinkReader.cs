using FhirCarePlan.Storage.Engine;

namespace FhirCarePlan.Storage.Reading;

/// <summary>Reads which Patient is whose, with the numbers each states.</summary>
internal static class LinkReader
{
    private const string Select =
        "SELECT l.patient, p.key, l.number_hash, l.holder, l.is_confirmed FROM person_patient l JOIN person p ON p.no = l.person";

    public static IReadOnlyList<PatientLink> OfPerson(Connection connection, string person) =>
        Read(connection, connection.Use($"{Select} WHERE p.key = ?1 ORDER BY l.patient").Bind(1, person));

    public static IReadOnlyList<PatientLink> OfNumber(Connection connection, byte[] hash) =>
        Read(connection, connection.Use($"{Select} WHERE l.number_hash = ?1 ORDER BY l.patient").BindBlob(1, hash));

    public static IReadOnlyList<PatientLink> Stating(Connection connection, byte[] hash) =>
        Read(connection,
            connection.Use($"{Select} WHERE l.patient IN (SELECT patient FROM stated_number WHERE number_hash = ?1) ORDER BY l.patient")
            .BindBlob(1, hash));

    private static List<PatientLink> Read(Connection connection, Statement rows)
    {
        var links = new List<PatientLink>();
        using (rows)
            while (rows.Step())
                links.Add(new PatientLink(rows.Text(0), rows.Text(1), rows.BlobOrNull(2))
                {
                    Holder = rows.Text(3),
                    IsConfirmed = rows.Int64(4) == 1
                });
        return links.ConvertAll(link => link with { StatedNumberHashes = Stated(connection, link.PatientId) });
    }

    private static List<byte[]> Stated(Connection connection, string patient)
    {
        var hashes = new List<byte[]>();
        using var rows = connection.Use("SELECT number_hash FROM stated_number WHERE patient = ?1").Bind(1, patient);
        while (rows.Step()) hashes.Add(rows.Blob(0));
        return hashes;
    }
}
