//! Many forms in an Arrow table: a column for each field in, a row for each report out.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchIterator, RecordBatchReader};
use arrow_cast::cast;
use arrow_json::ReaderBuilder;
use arrow_schema::{ArrowError, DataType, Field as Column, Fields, Schema, SchemaRef, TimeUnit};
use certgate::json::Options;
use certgate::{CertificateForm, CertificateResponse, Check, Content, Field, Finding, IssuerCache, Report};
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatchReader;
use pyo3_arrow::error::PyArrowResult;
use rayon::ThreadPool;
use rayon::prelude::*;
use serde::Serialize;

/// A row of the result.
#[derive(Serialize)]
struct Row<'r> {
    accepted: bool,
    error_code: Option<&'static str>,
    certificate: Option<&'r CertificateResponse>,
    findings: &'r [Finding],
}

/// The reports on the forms of a table, batch by batch as they are read. The columns of `keep` go before them as they are.
#[pyfunction]
pub(crate) fn check_table(
    forms: PyRecordBatchReader,
    options: &[u8],
    threads: usize,
    keep: Vec<String>,
) -> PyArrowResult<PyRecordBatchReader> {
    let (options, pool) = (crate::read(options)?, crate::pool(threads)?);
    let (reader, cache) = (forms.into_reader()?, IssuerCache::default());
    let given = reader.schema();
    let kept = keep.iter().map(|name| given.index_of(name)).collect::<Result<Vec<_>, _>>()?;
    let columns = kept.iter().filter_map(|index| given.fields().get(*index).cloned());
    let told = Arc::new(Schema::new(told()));
    let schema = Arc::new(Schema::new(columns.chain(told.fields().iter().cloned()).collect::<Fields>()));
    let made = schema.clone();
    let batches = reader.map(move |batch| {
        let batch = batch?;
        let reports = reports(&batch, &options, &cache, &pool)?;
        let mut all: Vec<ArrayRef> = kept.iter().map(|index| batch.column(*index).clone()).collect();
        all.extend(rows(&reports, &told)?.columns().iter().cloned());
        RecordBatch::try_new(made.clone(), all)
    });
    Ok(PyRecordBatchReader::new(Box::new(RecordBatchIterator::new(batches, schema))))
}

/// The columns of the result, under the names of the report.
fn told() -> Fields {
    let text = |name: &str| Column::new(name, DataType::Utf8, true);
    let texts = |name: &str| Column::new_list(name, Column::new("item", DataType::Utf8, true), true);
    let number = |name: &str| Column::new(name, DataType::Int64, true);
    let time =
        |name: &str| Column::new(name, DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())), true);
    let place = [number("block"), number("line"), number("column"), number("der_offset"), text("der_path")];
    let certificate = [
        text("common_name"),
        texts("san"),
        texts("organization"),
        time("not_before"),
        time("not_after"),
        text("serial_number"),
        texts("issuer"),
        text("signature_algorithm"),
        text("algorithm_type"),
    ];
    let finding = [
        text("code"),
        text("severity"),
        text("field"),
        Column::new_struct("location", place.to_vec(), true),
        text("message"),
        text("hint"),
        text("api_code"),
        Column::new("fixable", DataType::Boolean, true),
    ];
    Fields::from(vec![
        Column::new("accepted", DataType::Boolean, false),
        text("error_code"),
        Column::new_struct("certificate", certificate.to_vec(), true),
        Column::new_list("findings", Column::new_struct("item", finding.to_vec(), true), false),
    ])
}

fn reports(
    batch: &RecordBatch,
    options: &Options,
    cache: &IssuerCache,
    pool: &ThreadPool,
) -> Result<Vec<Report>, ArrowError> {
    let mut columns = Vec::new();
    for field in Field::ALL {
        if let Some(column) = batch.column_by_name(field.as_str()) {
            // Texts as they are stay where they are.
            columns.push((field, cast(column, &DataType::Utf8View)?));
        }
    }
    let report = |row: usize| {
        let mut form = CertificateForm::default();
        for (field, column) in &columns {
            let column = column.as_string_view();
            if column.is_valid(row) {
                set(&mut form, *field, column.value(row));
            }
        }
        match Check::new(&form, &options.policy, options.at).cache(cache).run() {
            Ok(accepted) => accepted.into_report(),
            Err(rejected) => rejected.into_report(),
        }
    };
    Ok(pool.install(|| (0..batch.num_rows()).into_par_iter().map(report).collect()))
}

fn rows(reports: &[Report], schema: &SchemaRef) -> Result<RecordBatch, ArrowError> {
    let rows: Vec<Row<'_>> = reports
        .iter()
        .map(|report| Row {
            accepted: report.is_accepted(),
            error_code: report.api.as_ref().map(|api| api.body.error_code.as_str()),
            certificate: report.certificate.as_ref(),
            findings: &report.findings,
        })
        .collect();
    let mut decoder = ReaderBuilder::new(schema.clone()).with_batch_size(rows.len()).build_decoder()?;
    decoder.serialize(&rows)?;
    Ok(decoder.flush()?.unwrap_or_else(|| RecordBatch::new_empty(schema.clone())))
}

fn set(form: &mut CertificateForm, field: Field, text: &str) {
    match field {
        Field::Name => form.name = Some(text.to_owned()),
        Field::Type => form.r#type = Some(text.to_owned()),
        Field::InstanceId => form.instance_id = Some(text.to_owned()),
        Field::AlgorithmType => form.algorithm_type = Some(text.to_owned()),
        _ => {
            if let Some(slot) = form.content_mut(field) {
                *slot = Some(Content::from_text(text));
            }
        }
    }
}
