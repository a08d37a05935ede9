import { so, tail } from './library-names.js';
import { bare, near, type Rule, rule } from './rule.js';

/** Images, sound, video, documents, maps and numbers. */
export const media: readonly Rule[] = [
  rule(
    'graphicsmagick',
    so('GraphicsMagick', 'GraphicsMagick-Q16', 'GraphicsMagick-Q8'),
    [near('/GraphicsMagick-', /\/GraphicsMagick-(?<v>1\.\d\.\d{1,2})\//)],
    { cpes: ['graphicsmagick:graphicsmagick'], source: 'GraphicsMagick magick/studio.h (MagickShareConfigPath)' },
  ),
  rule(
    'poppler',
    [
      'pdftotext',
      'pdftoppm',
      'pdftocairo',
      'pdfimages',
      'pdftohtml',
      'pdfinfo',
      'pdfunite',
      'pdfseparate',
      'pdffonts',
      'pdftops',
      'pdfattach',
      'pdfdetach',
      'pdfsig',
    ],
    [near(' version %s\n', /\0(?<v>(?:2\d|0)\.\d{2}\.\d)\0pdf\w{2,12} version %s/, { before: 24 })],
    { cpes: ['freedesktop:poppler'], source: 'poppler utils (PACKAGE_VERSION)', family: 'poppler' },
  ),
  rule('poppler', so('poppler'), [near('Resource-Form\n', /Resource-Form\n\0(?<v>(?:2\d|0)\.\d{2}\.\d)\0/)], {
    cpes: ['freedesktop:poppler'],
    source: 'poppler poppler/PSOutputDev.cc (PACKAGE_VERSION)',
    family: 'poppler',
  }),
  rule('qpdf', so('qpdf'), [bare(/(?<v>(?:[89]|1[0-4])\.\d{1,2}\.\d{1,2})/, 'startxref')], {
    cpes: ['qpdf_project:qpdf', 'qpdf:qpdf'],
    source: 'qpdf libqpdf/QPDF.cc (QPDF_VERSION)',
  }),
  rule('mupdf', ['mutool', 'mupdf', 'muraster'], [bare(/(?<v>1\.\d{1,2}\.\d{1,2})/, 'mupdf context')], {
    cpes: ['artifex:mupdf'],
    source: 'mupdf include/mupdf/fitz/version.h (FZ_VERSION)',
  }),
  rule('tesseract', so('tesseract'), [near("content='tesseract ", /tesseract (?<v>[45]\.\d{1,2}\.\d{1,2})/)], {
    cpes: ['tesseract_ocr_project:tesseract_ocr'],
    source: 'tesseract src/api/hocrrenderer.cpp (TESSERACT_VERSION_STR)',
  }),
  rule('libvorbis', so('vorbis'), [near('Xiph.Org libVorbis ', /libVorbis (?<v>1\.\d\.\d)\0/)], {
    cpes: ['xiph:libvorbis', 'xiph.org:libvorbis'],
    source: 'libvorbis lib/info.c (GENERAL_VENDOR_STRING)',
  }),
  rule('flac', so('FLAC'), [near('reference libFLAC ', /reference libFLAC (?<v>1\.\d\.\d{1,2}) 20\d{6}/)], {
    cpes: ['flac_project:flac', 'xiph:flac'],
    source: 'flac src/libFLAC/format.c (FLAC__VENDOR_STRING)',
  }),
  rule('opus', so('opus'), [near('libopus ', /\0libopus (?<v>1\.\d(?:\.\d)?)\0/, { before: 1 })], {
    cpes: ['opus-codec:opus'],
    source: 'opus celt/celt.c (opus_get_version_string)',
  }),
  rule('lame', so('mp3lame'), [near('LAME3.', /LAME(?<v>3\.\d{2,3}(?:\.\d)?) ?[\0 ]/)], {
    cpes: ['lame_project:lame'],
    source: 'lame libmp3lame/version.c',
  }),
  rule('libvpx', so('vpx'), [near('WebM Project VP8 Encoder', /VP8 Encoder v(?<v>1\.\d{1,2}\.\d{1,2})/)], {
    cpes: ['webmproject:libvpx'],
    source: 'libvpx vp8/vp8_cx_iface.c, build/make/version.sh',
    banner: near('WebM Project VP8 Encoder', /VP8 Encoder v(?<v>1\.\d{1,2}\.\d{1,2})/),
    unlessNeeds: /^libvpx/,
  }),
  rule('x265', so('x265'), [bare(/(?<v>[1-4]\.\d)\+\d{1,3}-[0-9a-f]{7,10}/, 'x265')], {
    cpes: ['multicorewareinc:x265_high_efficiency_video_coding'],
    source: 'x265 source/common/version.cpp (X265_VERSION)',
  }),
  rule('aom', so('aom'), [], {
    cpes: ['aomedia:aomedia'],
    source: 'aom: the name of libaom.so',
    nameVersion: tail('aom', String.raw`3\.\d{1,2}\.\d`),
  }),
  rule(
    'gdal',
    [
      'gdalinfo',
      'gdal_translate',
      'gdalwarp',
      'gdaladdo',
      'gdalbuildvrt',
      'gdalmanage',
      'gdalmdiminfo',
      'ogr2ogr',
      'ogrinfo',
      'ogrlineref',
    ],
    [near('RELEASE_NAME', /RELEASE_NAME\0(?<v>[23]\.\d{1,2}\.\d{1,2})\0/)],
    { cpes: ['osgeo:gdal'], source: 'gdal apps/commonutils.h (GDAL_RELEASE_NAME)' },
  ),
  rule('x264', so('x264'), [], {
    cpes: ['videolan:x264'],
    source: 'x264: the name of libx264.so, which is the number of its core',
    nameVersion: tail('x264', String.raw`\d{2,3}`),
  }),
  rule('dav1d', so('dav1d'), [bare(/(?<v>[01]\.\d{1,2}\.\d)/, 'dav1d_')], {
    cpes: ['videolan:dav1d'],
    source: 'dav1d src/lib.c (dav1d_version)',
  }),
  rule('libde265', so('de265'), [bare(/(?<v>1\.0\.\d{1,2})/, 'de265_')], {
    cpes: ['struktur:libde265'],
    source: 'libde265 libde265/de265-version.h',
  }),
  rule('libheif', so('heif'), [bare(/(?<v>1\.\d{1,2}\.\d)/, 'heif_')], {
    cpes: ['struktur:libheif'],
    source: 'libheif libheif/heif_version.h; the name of libheif.so',
    nameVersion: tail('heif'),
  }),
  rule('libjxl', so('jxl', 'jxl_threads', 'jxl_cms'), [], {
    cpes: ['libjxl_project:libjxl'],
    source: 'libjxl: the name of libjxl.so',
    nameVersion: tail('jxl(?:_threads|_cms)?'),
  }),
  rule('libraw', so('raw', 'raw_r'), [near('-Release', /\0(?<v>0\.\d{2}\.\d)-Release\0/, { before: 10 })], {
    cpes: ['libraw:libraw'],
    source: 'LibRaw libraw/libraw_version.h',
  }),
  rule('libsndfile', so('sndfile'), [near('libsndfile-', /\0libsndfile-(?<v>1\.\d\.\d{1,2})\0/, { before: 1 })], {
    cpes: ['libsndfile_project:libsndfile'],
    source: 'libsndfile src/common.c (psf version)',
  }),
  rule('srt', so('srt', 'srt-gnutls', 'srt-openssl'), [], {
    cpes: ['haivision:srt'],
    source: 'srt: the name of libsrt.so',
    nameVersion: tail('srt(?:-gnutls|-openssl)?'),
  }),
  rule('cairo', so('cairo'), [bare(/(?<v>1\.1\d\.\d{1,2})/, 'cairo.c')], {
    cpes: ['cairographics:cairo'],
    source: 'cairo src/cairo-version.h',
  }),
  rule('pango', so('pango-1.0'), [bare(/(?<v>1\.\d{2}\.\d{1,2})/, 'PANGO_SYSCONFDIR')], {
    cpes: ['gnome:pango'],
    source: 'pango pango/pango-utils.c (PANGO_VERSION_STRING)',
  }),
  rule('gdk-pixbuf', so('gdk_pixbuf-2.0'), [bare(/(?<v>2\.[2-9]\d\.\d{1,2})/, 'gdk_pixbuf_')], {
    cpes: ['gnome:gdk-pixbuf'],
    source: 'gdk-pixbuf gdk-pixbuf/gdk-pixbuf-features.h',
  }),
  rule('glib', so('gio-2.0'), [near('<!-- GDBus ', /<!-- GDBus (?<v>2\.\d{2}\.\d{1,2}) -->/)], {
    cpes: ['gnome:glib'],
    source: 'glib gio/gdbusconnection.c (PACKAGE_VERSION)',
  }),
  rule(
    'opencv',
    ['libopencv_*.so*', 'cv2*.so'],
    [near("OpenCV version is '", /OpenCV version is '(?<v>[345]\.\d{1,2}\.\d{1,2})'/)],
    {
      cpes: ['opencv:opencv'],
      source: 'opencv modules/videoio, modules/core (CV_VERSION)',
      nameVersion: /^libopencv_\w{1,30}(?:-[0-9a-f]{8})?\.so\.(?<v>[34]\.\d{1,2}\.\d{1,2})$/,
    },
  ),
  rule(
    'openblas',
    ['libopenblas*.so*', 'libscipy_openblas*.so*'],
    [near('OpenBLAS ', /OpenBLAS (?<v>0\.\d\.\d{1,2})(?:\.(?<hint>[\w.]{1,20}))?[ \0]/)],
    {
      cpes: ['openblas_project:openblas'],
      source: 'OpenBLAS driver/others/openblas_get_config.c',
    },
  ),
  rule('gdal', so('gdal'), [near('GDAL ', /GDAL (?<v>[23]\.\d{1,2}\.\d{1,2}), released/)], {
    cpes: ['osgeo:gdal'],
    source: 'gdal gcore/gdal_version.h; the name of libgdal.so',
    nameVersion: /^libgdal(?:-[0-9a-f]{8})?\.so\.\d{2}\.(?<v>3\.\d{1,2}\.\d{1,2})$/,
  }),
  rule('proj', so('proj'), [near('Rel. ', /Rel\. (?<v>[4-9]\.\d{1,2}\.\d{1,2}), [A-Z]/)], {
    cpes: ['osgeo:proj'],
    source: 'PROJ src/release.cpp (pj_release)',
  }),
  rule('geos', so('geos', 'geos_c'), [near('-CAPI-', /(?<v>3\.\d{1,2}\.\d{1,2})-CAPI-1\./, { before: 10 })], {
    cpes: ['osgeo:geos'],
    source: 'geos capi/geos_c_ts.cpp (GEOS_CAPI_VERSION); the name of libgeos.so',
    nameVersion: tail('geos', String.raw`3\.\d{1,2}\.\d{1,2}`),
  }),
  rule(
    'hdf5',
    so('hdf5', 'hdf5_serial'),
    [near('HDF5 library version', /HDF5 library version: (?<v>[12]\.\d{1,2}\.\d{1,2})/)],
    {
      cpes: ['hdfgroup:hdf5'],
      source: 'hdf5 src/H5.c (H5_lib_vers_info_g)',
    },
  ),
  rule(
    'netcdf',
    so('netcdf'),
    [near(' of ', /\0(?<v>4\.\d{1,2}\.\d) of [A-Z][a-z]{2} [ \d]\d 20\d\d/, { before: 8 })],
    { cpes: ['unidata:netcdf'], source: 'netcdf-c libdispatch/dfile.c (nc_inq_libvers)' },
  ),
  rule('onnxruntime', so('onnxruntime'), [near('VERS_', /\0VERS_(?<v>1\.\d{1,2}\.\d)\0/, { before: 1 })], {
    cpes: ['linuxfoundation:onnx_runtime'],
    source: 'onnxruntime onnxruntime/core/session (symbol version); the name of libonnxruntime.so',
    nameVersion: tail('onnxruntime', String.raw`1\.\d{1,2}\.\d`),
  }),
  rule(
    'arrow',
    so('parquet'),
    [near('parquet-cpp-arrow version ', /parquet-cpp-arrow version (?<v>\d{1,2}\.\d\.\d)/)],
    {
      cpes: ['apache:arrow'],
      source: 'arrow cpp/src/parquet/parquet_version.h.in (CREATED_BY_VERSION)',
    },
  ),
  rule('mpfr', so('mpfr'), [bare(/(?<v>[34]\.\d\.\d)(?:-p\d{1,2})?/, 'mpfr_')], {
    cpes: ['mpfr:gnu_mpfr'],
    source: 'mpfr src/version.c',
  }),
];
