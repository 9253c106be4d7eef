using Npgsql;

namespace FhirCarePlan.Storage.Postgres;

/// <summary>Reads the rows of an answer: whole numbers as `long`, texts and blobs as bytes.</summary>
internal static class Rows
{
    private enum Kind { Number, Double, Bytes, Truth, Decimal }

    public static List<object?[]> Read(NpgsqlDataReader reader)
    {
        var rows = new List<object?[]>();
        var kinds = KindsOf(reader);
        while (reader.Read()) rows.Add(Row(reader, kinds));
        return rows;
    }

    private static object?[] Row(NpgsqlDataReader reader, Kind[] kinds)
    {
        var row = new object?[kinds.Length];
        for (var i = 0; i < row.Length; i++)
            row[i] = reader.IsDBNull(i) ? null : kinds[i] switch
            {
                Kind.Number => reader.GetInt64(i),
                Kind.Double => reader.GetDouble(i),
                Kind.Truth => reader.GetBoolean(i) ? 1L : 0L,
                Kind.Decimal => (long)reader.GetDecimal(i),
                _ => reader.GetFieldValue<byte[]>(i),
            };
        return row;
    }

    // https://www.postgresql.org/docs/15/catalog-pg-type.html
    private static Kind[] KindsOf(NpgsqlDataReader reader)
    {
        var kinds = new Kind[reader.FieldCount];
        for (var i = 0; i < kinds.Length; i++)
            kinds[i] = reader.GetDataTypeOID(i) switch
            {
                20 or 21 or 23 => Kind.Number,
                701 => Kind.Double,
                16 => Kind.Truth,
                1700 => Kind.Decimal,
                _ => Kind.Bytes,
            };
        return kinds;
    }
}
