using FhirCarePlan.Storage.Tests.Auditing;
using FhirCarePlan.Storage.Tests.Reading;
using FhirCarePlan.Storage.Tests.Search;
using FhirCarePlan.Storage.Tests.Sqlite;
using FhirCarePlan.Storage.Tests.Writing;

namespace FhirCarePlan.Storage.Tests.Postgres;

// Every test of the store again, on PostgreSQL.

public sealed class LedgerSearchOnPostgres : LedgerSearchTests
{
    public LedgerSearchOnPostgres() => OnPostgres.Choose();
}

public sealed class LedgerVerificationOnPostgres : LedgerVerificationTests
{
    public LedgerVerificationOnPostgres() => OnPostgres.Choose();
}

public sealed class WriterOnPostgres : WriterTests
{
    public WriterOnPostgres() => OnPostgres.Choose();
}

public sealed class PersonErasureOnPostgres : PersonErasureTests
{
    public PersonErasureOnPostgres() => OnPostgres.Choose();
}

public sealed class ReferrerReaderOnPostgres : ReferrerReaderTests
{
    public ReferrerReaderOnPostgres() => OnPostgres.Choose();
}

public sealed class VersionsReaderOnPostgres : VersionsReaderTests
{
    public VersionsReaderOnPostgres() => OnPostgres.Choose();
}

public sealed class PersonReaderOnPostgres : PersonReaderTests
{
    public PersonReaderOnPostgres() => OnPostgres.Choose();
}

public sealed class VersionReaderOnPostgres : VersionReaderTests
{
    public VersionReaderOnPostgres() => OnPostgres.Choose();
}

public sealed class PageOnPostgres : PageTests
{
    public PageOnPostgres() => OnPostgres.Choose();
}

public sealed class PartOnPostgres : PartTests
{
    public PartOnPostgres() => OnPostgres.Choose();
}

public sealed class ViewOnPostgres : ViewTests
{
    public ViewOnPostgres() => OnPostgres.Choose();
}

public sealed class IncludeOnPostgres : IncludeTests
{
    public IncludeOnPostgres() => OnPostgres.Choose();
}

public sealed class OracleOnPostgres : OracleTests
{
    public OracleOnPostgres() => OnPostgres.Choose();
}

public sealed class SortOnPostgres : SortTests
{
    public SortOnPostgres() => OnPostgres.Choose();
}

public sealed class ValueOnPostgres : ValueTests
{
    public ValueOnPostgres() => OnPostgres.Choose();
}

public sealed class SupposeOnPostgres : SupposeTests
{
    public SupposeOnPostgres() => OnPostgres.Choose();
}

public sealed class HistoryOnPostgres : HistoryTests
{
    public HistoryOnPostgres() => OnPostgres.Choose();
}

public sealed class ChecksumOnPostgres : ChecksumTests
{
    public ChecksumOnPostgres() => OnPostgres.Choose();
}

public sealed class ClaimOnPostgres : ClaimTests
{
    public ClaimOnPostgres() => OnPostgres.Choose();
}

public sealed class CrashOnPostgres : CrashTests
{
    public CrashOnPostgres() => OnPostgres.Choose();
}

public sealed class CancelOnPostgres : CancelTests
{
    public CancelOnPostgres() => OnPostgres.Choose();
}
