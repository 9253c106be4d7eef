using FhirCarePlan.Storage.Writing;

namespace FhirCarePlan.Storage.Checking;

/// <summary>What must hold between the rows of the tables, as questions that a whole store answers with no row. A row each: a number that
/// names what is wrong, and optionally the type.</summary>
internal static class RowQuestions
{
    public static readonly (string What, string Sql)[] All =
    [
        ("a resource does not agree with its current version", """
            SELECT r.key, r.type FROM resource r LEFT JOIN version v ON v.no = r.version
            WHERE v.no IS NULL OR v.resource <> r.key OR v.version_id <> r.version_id OR v.is_deleted <> r.is_deleted
                OR v.root_mask <> r.root_mask AND r.root_mask <> 9223372036854775807
            """),
        ("a version belongs to no resource", "SELECT v.no FROM version v LEFT JOIN resource r ON r.key = v.resource WHERE r.key IS NULL"),
        ("a version is not listed among its resource's changes", """
            SELECT v.no FROM version v
            WHERE NOT EXISTS (SELECT 1 FROM version_change c WHERE c.resource = v.resource AND c.version = v.no AND c.version_id = v.version_id)
            """),
        ("a change is listed of a version that is not there", """
            SELECT c.version FROM version_change c LEFT JOIN version v ON v.no = c.version
            WHERE v.no IS NULL OR v.resource <> c.resource OR v.last_updated <> c.last_updated
            """),
        ("a change is listed under another type", """
            SELECT c.version FROM version_change c JOIN resource r ON r.key = c.resource WHERE r.type <> c.type
            """),
        ("a resource is about a person who is not stored", """
            SELECT r.key, r.type FROM resource r LEFT JOIN person p ON p.no = r.person WHERE r.person IS NOT NULL AND p.no IS NULL
            """),
        ("a person has a consent state that is not stored", """
            SELECT p.no FROM person p LEFT JOIN consent_class c ON c.no = p.consent_class WHERE c.no IS NULL
            """),
        ("a Patient is linked to a person who is not stored", """
            SELECT l.person FROM person_patient l LEFT JOIN person p ON p.no = l.person WHERE p.no IS NULL
            """),
        ("a person is linked to a Patient that is not stored", """
            SELECT l.person FROM person_patient l LEFT JOIN resource r ON r.type = 'Patient' AND r.id = l.patient WHERE r.key IS NULL
            """),
        ("a relationship is of a person who is not stored", """
            SELECT k.person FROM relationship k LEFT JOIN person p ON p.no = k.person WHERE p.no IS NULL
            """),
        ("a relationship follows from a resource that is not stored", """
            SELECT k.person FROM relationship k LEFT JOIN resource r ON r.type = substr(k.cause, 1, CAST(instr(k.cause, '/') AS int) - 1)
                AND r.id = substr(k.cause, CAST(instr(k.cause, '/') AS int) + 1) WHERE r.key IS NULL
            """),
        ("a tie is of a person who is not stored", "SELECT k.person FROM backing k LEFT JOIN person p ON p.no = k.person WHERE p.no IS NULL"),
        ("a statement of consent is of a person who is not stored", """
            SELECT c.person FROM consent_row c LEFT JOIN person p ON p.no = c.person WHERE p.no IS NULL
            """),
        ("a statement of consent follows from no stored Consent", """
            SELECT c.person FROM consent_row c LEFT JOIN resource r ON r.type = 'Consent' AND r.id = c.consent WHERE r.key IS NULL
            """),
        .. IndexColumns.Tables.Select(table => ($"a row of {table} belongs to no current resource", $"""
            SELECT DISTINCT x.resource FROM {table} x LEFT JOIN resource r ON r.key = x.resource
            WHERE r.key IS NULL OR r.is_deleted = 1 AND x.param <> 0
            """)),
    ];
}
